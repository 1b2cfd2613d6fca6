/** Microbenchmarks (JMH): looking up in memory, making keys, deciding; and what an entry weighs on the heap. */
@NullMarked
package dev.verge.load.jmh.memory;

import org.jspecify.annotations.NullMarked;
