/**
 * The one door into the cache's store for benchmarks: drives the real eviction policy of the disk tier over a trace.
 *
 * <p>May enter: what replays accesses against package-private policy classes of the store. Never: anything the product uses.
 */
@NullMarked
package dev.verge.cache.store;

import org.jspecify.annotations.NullMarked;
