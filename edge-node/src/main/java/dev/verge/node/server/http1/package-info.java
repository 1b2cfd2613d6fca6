/**
 * HTTP/1.1 read strictly (RFC 9110, RFC 9112): every request has one reading, or it is refused and its connection closed.
 *
 * <p>{@link dev.verge.node.server.http1.Http1Reader} is pure: bytes in, positions and violations out, the same for every way in which
 * the bytes are cut. {@link dev.verge.node.server.http1.Http1Guard} stands in a connection's pipeline in front of the codec and lets
 * through what the reader allows. May enter: syntax, framing, time to send a head. Never: sites, routing, what a field means.
 */
@NullMarked
package dev.verge.node.server.http1;

import org.jspecify.annotations.NullMarked;
