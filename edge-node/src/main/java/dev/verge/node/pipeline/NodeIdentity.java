package dev.verge.node.pipeline;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How this node names itself to the world.
 *
 * @param installation id in {@code CDN-Loop}; only this id is a loop
 * @param name of the node
 * @param region of the node, null for none
 * @param httpPort port of its http URLs as the world sees them
 * @param httpsPort port of its https URLs as the world sees them
 * @param http3 whether HTTP/3 is spoken on the UDP port of the same number now
 */
public record NodeIdentity(
        String installation,
        String name,
        @Nullable String region,
        IntSupplier httpPort,
        IntSupplier httpsPort,
        BooleanSupplier http3) {
    /** How long a client may remember that there is HTTP/3: RFC 7838 §3.1 has a day where nothing is said. */
    private static final int ALTERNATIVE_SECONDS = 86_400;

    /** The value of {@code Alt-Svc} (RFC 7838 §3) for answers over TLS; null when there is nothing to tell. */
    @Nullable
    String alternatives() {
        return http3.getAsBoolean() ? "h3=\":" + httpsPort.getAsInt() + "\"; ma=" + ALTERNATIVE_SECONDS : null;
    }

    /** The authority of a URL of this node: the canonical host, and the public port where it is not the scheme's own. */
    String publicHost(String scheme, String canonicalHost) {
        boolean secure = scheme.equals("https");
        int port = secure ? httpsPort.getAsInt() : httpPort.getAsInt();
        String host = canonicalHost.indexOf(':') >= 0 ? "[" + canonicalHost + "]" : canonicalHost;
        return port == (secure ? 443 : 80) ? host : host + ":" + port;
    }

    /** Whether a URL with this port, -1 for none, can be one of this node. */
    boolean serves(int port) {
        return port < 0 || port == httpPort.getAsInt() || port == httpsPort.getAsInt() || port == 80 || port == 443;
    }
}
