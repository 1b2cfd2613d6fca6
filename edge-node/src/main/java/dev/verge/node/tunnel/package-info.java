/**
 * Connections that have left HTTP after {@code 101 Switching Protocols} (RFC 9110 §7.8): bytes in both directions, unread.
 *
 * <p>May enter: sockets as streams of bytes, half-close, back-pressure. Never: fields, sites, or which side is the client.
 */
@NullMarked
package dev.verge.node.tunnel;

import org.jspecify.annotations.NullMarked;
