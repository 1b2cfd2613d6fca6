package dev.verge.node.exchange;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, and how.
 *
 * @param peer the other end of the connection
 * @param client the client, behind trusted proxies
 * @param trusted whether the peer is a trusted proxy, whose word on where the request came from counts
 * @param scheme {@code http} or {@code https}: how the client reached the platform
 * @param protocol {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2} or {@code HTTP/3}
 * @param tls TLS of the connection; null without
 */
public record Caller(
        InetAddress peer,
        InetAddress client,
        boolean trusted,
        String scheme,
        String protocol,
        @Nullable ClientTls tls) {

    /** The protocol's version as {@code Via} writes it (RFC 9110 §7.6.3). */
    public String viaVersion() {
        return protocol.substring(protocol.indexOf('/') + 1);
    }
}
