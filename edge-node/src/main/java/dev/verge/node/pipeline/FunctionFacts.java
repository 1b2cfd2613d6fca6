package dev.verge.node.pipeline;

import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientTls;
import dev.verge.node.exchange.JsonText;
import dev.verge.node.geo.Countries;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** Writes what a function finds in {@code request.verge}. */
final class FunctionFacts {
    private FunctionFacts() {}

    /** One JSON object; what is not known is left out. */
    static String of(Caller caller, Countries countries, NodeIdentity node, String requestId) {
        StringBuilder out = new StringBuilder(192).append("{\"clientIp\":\"");
        out.append(NetUtil.toAddressString(caller.client())).append('"');
        JsonText.member(out, "scheme", caller.scheme());
        JsonText.member(out, "httpProtocol", caller.protocol());
        ClientTls tls = caller.tls();
        if (tls != null) {
            JsonText.member(out, "tlsVersion", tls.session().getProtocol());
            JsonText.member(out, "tlsCipher", tls.session().getCipherSuite());
        }
        String country = countries.of(caller.client());
        member(out, "country", country.isEmpty() ? null : country);
        JsonText.member(out, "node", node.name());
        member(out, "region", node.region());
        JsonText.member(out, "requestId", requestId);
        return out.append('}').toString();
    }

    private static void member(StringBuilder out, String name, @Nullable String value) {
        if (value != null) {
            JsonText.member(out, name, value);
        }
    }
}
