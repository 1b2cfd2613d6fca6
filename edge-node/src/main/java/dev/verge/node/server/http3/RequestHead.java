package dev.verge.node.server.http3;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.EdgeError;
import io.netty.handler.codec.http3.Http3Headers;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The field section of a request, read strictly (RFC 9114 §4.2, §4.3.1). The codec has seen to the order of pseudo-header fields and
 * that none is unknown or stands twice; it is not relied on for more.
 */
sealed interface RequestHead {
    /**
     * A request that can be understood.
     *
     * @param authority {@code :authority}; null when only {@code Host} says it, or nothing does
     * @param target path and query; empty for CONNECT
     * @param protocol what an extended CONNECT (RFC 9220) wants to go on with, its method then being GET; null for every other request
     */
    record Read(
            String method,
            @Nullable String authority,
            String target,
            @Nullable String protocol,
            HttpFields fields) implements RequestHead {}

    /** No request (H3_MESSAGE_ERROR, §4.1.2). */
    record Malformed(String why) implements RequestHead {}

    /** A request that is answered with an error before anybody looks at it. */
    record Refused(EdgeError error) implements RequestHead {}

    /** They mean one connection of HTTP/1.1 (RFC 9114 §4.2). */
    Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings");

    /** Reads what a client sent in front of its content. */
    static RequestHead of(Http3Headers headers, Limits limits) {
        @Nullable String method = text(headers.method());
        @Nullable String scheme = text(headers.scheme());
        @Nullable String authority = text(headers.authority());
        @Nullable String path = text(headers.path());
        if (method == null || !isToken(method)) {
            return new Malformed("its method is no token");
        }
        @Nullable String protocol = text(headers.protocol());
        if (headers.status() != null || (protocol != null && !isExtendedConnect(headers, protocol))) {
            return new Malformed("it has a pseudo-header field that no such request has");
        }
        boolean connect = method.equals("CONNECT") && protocol == null;
        if (connect ? scheme != null || path != null || authority == null : scheme == null || path == null) {
            return new Malformed("its pseudo-header fields are not those of its method");
        }
        if (scheme != null && !scheme.equalsIgnoreCase("https")) {
            return new Malformed("its scheme is not that of its connection");
        }
        String target = path == null ? "" : path;
        if (!isVisible(target) || (!connect && target.isEmpty())) {
            return new Malformed("its path is empty or has bytes that no target has");
        }
        if (authority != null && (authority.isEmpty() || !isVisible(authority))) {
            return new Malformed("its authority is empty or has bytes that no host has");
        }
        if (method.length() + target.length() > limits.requestLineBytes()) {
            return new Refused(EdgeError.Refused.URI_TOO_LONG);
        }
        @Nullable HttpFields fields = fields(headers);
        if (fields == null) {
            return new Malformed("it has a field that cannot be one");
        }
        if (fields.size() > limits.headerFields()) {
            return new Refused(EdgeError.Refused.FIELDS_TOO_LARGE);
        }
        @Nullable String wrong = fault(fields, authority);
        if (wrong != null) {
            return new Malformed(wrong);
        }
        if (protocol == null) {
            return new Read(method, authority, target, null, fields);
        }
        return fields.contains("content-length")
                ? new Malformed("a tunnel has no length")
                : new Read("GET", authority, target, protocol, fields);
    }

    /** RFC 9220 §3, RFC 8441 §4: of CONNECT alone, which then has what other requests have too. */
    private static boolean isExtendedConnect(Http3Headers headers, String protocol) {
        return "CONNECT".contentEquals(String.valueOf(headers.method()))
                && headers.authority() != null
                && isToken(protocol);
    }

    /** The fields behind the content; null when there is one that cannot be. */
    static @Nullable HttpFields trailers(Http3Headers headers, Limits limits) {
        HttpFields fields = fields(headers);
        return fields == null || fields.size() > limits.headerFields() ? null : fields;
    }

    private static @Nullable String fault(HttpFields fields, @Nullable String authority) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equals("te") && !fields.value(i).equalsIgnoreCase("trailers")) {
                return "TE has more than trailers";
            }
        }
        if (authority == null && !fields.contains("host")) {
            return "it names no host";
        }
        var lengths = fields.all("content-length");
        boolean number = lengths.isEmpty()
                || (lengths.size() == 1
                        && !lengths.getFirst().isEmpty()
                        && lengths.getFirst().length() <= 18
                        && lengths.getFirst().chars().allMatch(c -> c >= '0' && c <= '9'));
        return number ? null : "its length is no number";
    }

    /** Regular fields in lower case with values that are values (RFC 9114 §4.2, RFC 9110 §5.5); null when one is not. */
    private static @Nullable HttpFields fields(Http3Headers headers) {
        HttpFields.Builder fields = HttpFields.builder();
        StringBuilder cookies = new StringBuilder();
        for (Map.Entry<CharSequence, CharSequence> each : headers) {
            String name = each.getKey().toString();
            if (!name.isEmpty() && name.charAt(0) == ':') {
                continue;
            }
            String value = each.getValue().toString();
            if (!isFieldName(name) || OF_CONNECTIONS.contains(name) || !isValue(value)) {
                return null;
            }
            if (name.equals("cookie")) {
                // §4.2.1: cut into pieces for compression; together they are one field again.
                cookies.append(cookies.isEmpty() ? "" : "; ").append(value);
            } else {
                fields.add(name, value);
            }
        }
        return cookies.isEmpty()
                ? fields.build()
                : fields.add("cookie", cookies.toString()).build();
    }

    private static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }

    private static boolean isFieldName(String name) {
        return isToken(name) && name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static boolean isValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff))
                && (value.isEmpty() || (isInner(value.charAt(0)) && isInner(value.charAt(value.length() - 1))));
    }

    private static boolean isInner(char c) {
        return c != ' ' && c != '\t';
    }
}
