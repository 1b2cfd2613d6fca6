/**
 * Configuration coming into force: entries of the log are compiled beside what serves, and then swapped in at once.
 *
 * <p>May enter: compiling, the swap, purges on their way to the cache. Never: serving; a compile that fails changes nothing.
 */
@NullMarked
package dev.verge.node.sync;

import org.jspecify.annotations.NullMarked;
