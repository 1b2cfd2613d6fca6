/**
 * Content codings for clients (RFC 9110 §8.4, §12.5.3): which one a client gets, what may be compressed, and streams that compress
 * what flows through them.
 *
 * <p>May enter: negotiation, the rules of what is compressible, encoders. Never: caching, sites, requests.
 */
@NullMarked
package dev.verge.node.compress;

import org.jspecify.annotations.NullMarked;
