/**
 * Parts of representations (RFC 9110 §14, RFC 9111 §3.3 and §3.4): which part to ask an origin for, what its 206 is good for, and
 * what may be put together.
 *
 * <p>A large object is an <em>outline</em> (its head and length, under the ordinary key) and <em>slices</em> of 1 MiB, each an entry of
 * its own. The outline alone says whether the object may be reused; its slices are bytes that share its strong validator.
 *
 * <p>May enter: heads, stored responses, time. Never: bodies, sockets.
 */
@NullMarked
package dev.verge.cache.partial;

import org.jspecify.annotations.NullMarked;
