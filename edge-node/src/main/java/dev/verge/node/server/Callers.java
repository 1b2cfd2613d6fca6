package dev.verge.node.server;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientTls;
import dev.verge.sync.document.Cidr;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who sent a request, as far as it may be believed. */
public final class Callers {
    private Callers() {}

    /**
     * Reads who sent a request.
     *
     * @param peer the other end of its connection
     * @param scheme of the connection
     * @param protocol version of HTTP
     */
    public static Caller of(
            InetAddress peer,
            HttpFields fields,
            String scheme,
            String protocol,
            @Nullable ClientTls tls,
            List<Cidr> trustedProxies) {
        if (!isTrusted(peer, trustedProxies)) {
            return new Caller(peer, peer, false, scheme, protocol, tls);
        }
        String claimed = fields.first("x-forwarded-proto");
        boolean believed = claimed != null && (claimed.equalsIgnoreCase("https") || claimed.equalsIgnoreCase("http"));
        return new Caller(
                peer,
                behindProxies(peer, fields.combined("x-forwarded-for"), trustedProxies),
                true,
                claimed != null && believed ? claimed.toLowerCase(Locale.ROOT) : scheme,
                protocol,
                tls);
    }

    /** The last address of the chain that is no trusted proxy; what stands before it is only a claim. */
    private static InetAddress behindProxies(InetAddress peer, @Nullable String chain, List<Cidr> trustedProxies) {
        InetAddress client = peer;
        String[] hops = chain == null ? new String[0] : chain.split(",", -1);
        for (int i = hops.length - 1; i >= 0 && isTrusted(client, trustedProxies); i--) {
            byte[] literal = NetUtil.createByteArrayFromIpAddressString(hops[i].strip());
            if (literal == null) {
                return client;
            }
            client = address(literal);
        }
        return client;
    }

    private static boolean isTrusted(InetAddress address, List<Cidr> trustedProxies) {
        for (int i = 0; i < trustedProxies.size(); i++) {
            if (trustedProxies.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static InetAddress address(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always one", e);
        }
    }
}
