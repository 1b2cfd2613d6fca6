/**
 * Where responses are kept: memory (Caffeine) over disk (RocksDB), streamed in and out, with purging.
 *
 * <p>May enter: keys, stored responses, bytes. Never: rules of HTTP; an entry is served when somebody asks for it and it is not
 * purged, whatever its age.
 *
 * <p>Threads: all methods may be called from any thread and never wait for the disk. Futures complete on the calling thread when
 * memory has the answer, otherwise on a thread of the disk executor; callers bound to an event loop hop back themselves.
 *
 * <p>Lock order: {@code Fill} before {@code DiskIndex}; neither is held while RocksDB works, except that {@code DiskIndex} holds
 * its eviction lock while victims are deleted, so that live bytes never exceed the bound.
 */
@NullMarked
package dev.verge.cache.store;

import org.jspecify.annotations.NullMarked;
