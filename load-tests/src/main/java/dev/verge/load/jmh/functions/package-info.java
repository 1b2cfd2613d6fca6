/** Many functions on one node: what each weighs, and how long the first call of each takes. */
@NullMarked
package dev.verge.load.jmh.functions;

import org.jspecify.annotations.NullMarked;
