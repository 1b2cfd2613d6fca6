/**
 * The rules of HTTP caching (RFC 9111, 5861, 8246, 9213) for a shared cache, as pure functions with sealed results. Each refusal
 * has a name.
 *
 * <p>May enter: a request, what is stored, the time, the site's options. Never: clocks, disks, threads, sockets; a decision
 * depends on nothing but its arguments and no header makes it throw.
 */
@NullMarked
package dev.verge.cache.decision;

import org.jspecify.annotations.NullMarked;
