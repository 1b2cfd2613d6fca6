/** Tests of functions in real host processes. */
@NullMarked
package dev.verge.sandbox;

import org.jspecify.annotations.NullMarked;
