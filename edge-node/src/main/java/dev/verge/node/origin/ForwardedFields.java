package dev.verge.node.origin;

import dev.verge.cache.http.FieldNameSet;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientCertificateFields;
import dev.verge.node.exchange.FieldRules;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What a request to an origin says about where it came from. Pure. */
public final class ForwardedFields {
    /** What else proxies say of where a request came from; only trusted ones may. All of {@code X-Forwarded-*} is that too. */
    private static final FieldNameSet OTHER_CLAIMS = FieldNameSet.of(
            ClientCertificateFields.CERTIFICATE,
            ClientCertificateFields.CHAIN,
            "x-forwarded",
            "x-original-forwarded-for",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "x-scheme",
            "x-url-scheme",
            "front-end-https");

    private static final String FORWARDED_PREFIX = "x-forwarded-";

    /**
     * Made anew: the client's word on where a request came from counts only when the client is a trusted proxy. {@code Proxy} has no meaning
     * but to scripts that take it for where to send their own requests.
     */
    private static final FieldNameSet REMADE = FieldNameSet.of(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "forwarded",
            "x-real-ip",
            "host",
            "content-length",
            "transfer-encoding",
            "expect",
            "via",
            "cdn-loop",
            "x-request-id",
            "traceparent",
            "tracestate",
            "verge-debug",
            "proxy");

    private ForwardedFields() {}

    /**
     * The fields of the client without those that stop here, and with those the node adds; {@code Host} and {@code traceparent}, which
     * depend on the try, are left to the caller.
     *
     * @param publicHost canonical host with the platform's public port where it is not the scheme's own
     * @param installation id in {@code CDN-Loop}
     */
    public static HttpFields.Builder toOrigin(
            HttpFields client, Caller caller, String publicHost, String requestId, String installation) {
        HttpFields.Builder fields = FieldRules.endToEnd(client).without(REMADE::containsAsOriginsRead).toBuilder();
        String peer = NetUtil.toAddressString(caller.peer());
        fields.add("x-forwarded-for", appended(believed(client, caller, "x-forwarded-for"), peer));
        fields.add("x-forwarded-proto", caller.scheme());
        fields.add("x-forwarded-host", publicHost);
        String hop = "for=" + node(caller.peer()) + ";host=\"" + publicHost + "\";proto=" + caller.scheme();
        fields.add("forwarded", appended(believed(client, caller, "forwarded"), hop));
        fields.add("via", appended(client.combined("via"), caller.viaVersion() + " verge"));
        fields.add("cdn-loop", appended(client.combined("cdn-loop"), "verge; id=" + installation));
        fields.add("x-request-id", requestId);
        if (FieldRules.names(client.all("te"), "trailers")) {
            fields.add("te", "trailers"); // the node passes them on as well
        }
        return fields;
    }

    /** The fields of a client that is no trusted proxy, without what only such a one may say. */
    public static HttpFields withoutClaims(HttpFields client) {
        return client.without(name -> {
            char first = name.isEmpty() ? 0 : name.charAt(0);
            return OTHER_CLAIMS.containsAsOriginsRead(name)
                    || ((first == 'x' || first == 'X')
                            && FieldRules.asOriginsRead(name).startsWith(FORWARDED_PREFIX));
        });
    }

    private static @Nullable String believed(HttpFields client, Caller caller, String name) {
        return caller.trusted() ? client.combined(name) : null;
    }

    private static String appended(@Nullable String list, String member) {
        return list == null || list.isBlank() ? member : list + ", " + member;
    }

    /** A node as RFC 7239 §6 writes it. */
    private static String node(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        return address instanceof Inet6Address ? "\"[" + text + "]\"" : text;
    }
}
