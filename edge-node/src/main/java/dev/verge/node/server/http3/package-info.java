/**
 * HTTP/3 (RFC 9114) over QUIC (RFC 9000): connections and streams of the codec become the node's own requests and answers.
 *
 * <p>May enter: what one HTTP/3 client may do, and how its messages are read and written. Never: what a request is answered with.
 */
@NullMarked
package dev.verge.node.server.http3;

import org.jspecify.annotations.NullMarked;
