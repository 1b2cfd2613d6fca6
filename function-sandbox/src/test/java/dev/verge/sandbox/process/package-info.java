/** Tests of the node's end as far as it decides without processes. */
@NullMarked
package dev.verge.sandbox.process;

import org.jspecify.annotations.NullMarked;
