/** Where clients are, by a database in the MaxMind DB format that the operator provides. */
@NullMarked
package dev.verge.node.geo;

import org.jspecify.annotations.NullMarked;
