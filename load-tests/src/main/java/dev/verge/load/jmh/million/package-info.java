/** A million entries: filling, starting, purging a tenth of them by tag, and the memory that it takes. */
@NullMarked
package dev.verge.load.jmh.million;

import org.jspecify.annotations.NullMarked;
