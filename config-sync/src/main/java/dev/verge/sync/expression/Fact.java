package dev.verge.sync.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an expression may ask for. */
public enum Fact {
    /** Method, as sent: a {@link String}. */
    METHOD("request.method", SimpleType.STRING),
    /** Path, percent-encoded as sent: a {@link String}. */
    PATH("request.path", SimpleType.STRING),
    /** Query arguments, decoded, the first value of each: a {@link Map} of strings. */
    QUERY("request.query", MapType.create(SimpleType.STRING, SimpleType.STRING)),
    /** Fields by lower-case name, several lines joined by {@code ", "}: a {@link Map} of strings. */
    HEADERS("request.headers", MapType.create(SimpleType.STRING, SimpleType.STRING)),
    /** Cookies, the first value of each: a {@link Map} of strings. */
    COOKIES("request.cookies", MapType.create(SimpleType.STRING, SimpleType.STRING)),
    /** Canonical host: a {@link String}. */
    HOST("request.host", SimpleType.STRING),
    /** {@code http} or {@code https}: a {@link String}. */
    SCHEME("request.scheme", SimpleType.STRING),
    /** The client's address: a {@link String}. */
    IP("request.ip", SimpleType.STRING),
    /** The client's country, two capital letters, empty when it is not known: a {@link String}. */
    COUNTRY("request.country", SimpleType.STRING),
    /** {@code desktop}, {@code mobile} or {@code tablet}: a {@link String}. */
    DEVICE("request.device", SimpleType.STRING),
    /** {@code 1.2} or {@code 1.3}; empty in clear text: a {@link String}. */
    TLS_VERSION("request.tlsVersion", SimpleType.STRING),
    /**
     * Of a verified client certificate {@code subject}, {@code issuer}, {@code serial}, {@code fingerprint} and {@code notAfter}; empty
     * without one: a {@link Map} of strings.
     */
    CLIENT_CERTIFICATE("request.clientCertificate", MapType.create(SimpleType.STRING, SimpleType.STRING)),
    /** Status of the response, in the response phase: a {@link Long}. */
    STATUS("response.status", SimpleType.INT);

    private static final Map<String, Fact> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Fact::written, Function.identity()));

    private final String written;
    private final CelType type;

    Fact(String written, CelType type) {
        this.written = written;
        this.type = type;
    }

    /** As expressions name it. */
    public String written() {
        return written;
    }

    CelType type() {
        return type;
    }

    static @Nullable Fact named(String written) {
        return BY_NAME.get(written);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Fact::written).toList();
    }
}
