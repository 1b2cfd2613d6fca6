package dev.verge.balancer;

import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginTls;

/**
 * Where one try goes. Equal as long as the origin's settings in the document stay the same, so it can key connection pools.
 *
 * @param id opaque, the same on all nodes of an installation and after restarts; holds no address
 * @param authority as written in the origin's URL: host and, if named there, port
 * @param host name or address to connect to, lower case, no brackets
 * @param port port to connect to
 * @param secure whether to speak TLS
 * @param serverName SNI, and the name that the certificate must be valid for
 * @param verify whether to verify the certificate
 */
public record Endpoint(
        String id,
        Origin origin,
        String authority,
        String host,
        int port,
        boolean secure,
        String serverName,
        boolean verify) {

    static Endpoint of(String id, Origin origin) {
        OriginTls tls = origin.tls() == null ? OriginTls.DEFAULT : origin.tls();
        String host = origin.host();
        String serverName = tls.sni() == null ? host : tls.sni();
        return new Endpoint(
                id, origin, origin.authority(), host, origin.port(), origin.secure(), serverName, tls.verify());
    }
}
