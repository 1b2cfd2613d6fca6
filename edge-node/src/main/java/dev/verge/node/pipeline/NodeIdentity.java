package dev.verge.node.pipeline;

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
 */
public record NodeIdentity(
        String installation, String name, @Nullable String region, IntSupplier httpPort, IntSupplier httpsPort) {

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
