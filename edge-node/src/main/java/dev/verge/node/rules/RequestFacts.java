package dev.verge.node.rules;

import dev.verge.node.exchange.ClientTls;
import java.net.InetAddress;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What rules may know of a request. All of it is the client's word, save host (canonical), scheme, address, country, TLS and id. */
public interface RequestFacts {

    /** Method, as sent. */
    String method();

    /** {@code http} or {@code https}: how the client reached the node. */
    String scheme();

    /** Canonical host: lower case, no port, no trailing dot. */
    String host();

    /** Path, percent-encoded as sent, beginning with {@code /}. */
    String path();

    /** Query without {@code ?}; null when the target has none. */
    @Nullable
    String query();

    /** Every line of a field, in order; empty when there is none. */
    List<String> header(String lowerCaseName);

    /** Every line of every field, names as sent. */
    void eachField(BiConsumer<String, String> action);

    /** The client, behind trusted proxies. */
    InetAddress clientAddress();

    /** TLS of the client's connection; null in clear text, and for who is no client. */
    default @Nullable ClientTls tls() {
        return null;
    }

    /** The client's country, two capital letters (ISO 3166-1); empty when it is not known. */
    String country();

    /** The request's id. */
    String requestId();
}
