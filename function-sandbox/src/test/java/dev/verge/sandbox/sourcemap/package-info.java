/** Tests of source maps. */
@NullMarked
package dev.verge.sandbox.sourcemap;

import org.jspecify.annotations.NullMarked;
