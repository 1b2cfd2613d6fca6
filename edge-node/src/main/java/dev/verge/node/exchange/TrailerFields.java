package dev.verge.node.exchange;

import dev.verge.cache.http.FieldNameSet;
import dev.verge.cache.http.HttpFields;

/**
 * Which fields may follow the content of a message (RFC 9110 §6.5.1): none that says how the message is to be read, where it goes, who
 * sends it, or how it is to be kept, for those have been decided by then. Trailers stay trailers and never join the header.
 */
public final class TrailerFields {
    private static final FieldNameSet NEVER = FieldNameSet.of(
            "host",
            "expect",
            "max-forwards",
            "range",
            "age",
            "content-encoding",
            "content-type",
            "content-range",
            "content-length",
            "content-location",
            "content-language",
            "content-disposition",
            "content-security-policy",
            "authorization",
            "cookie",
            "set-cookie",
            "www-authenticate",
            "cache-control",
            "cdn-cache-control",
            "verge-cdn-cache-control",
            "surrogate-control",
            "surrogate-key",
            "cache-tag",
            "cache-status",
            "pragma",
            "expires",
            "date",
            "location",
            "retry-after",
            "vary",
            "warning",
            "via",
            "cdn-loop",
            "forwarded",
            "traceparent",
            "tracestate",
            "x-request-id",
            "x-real-ip",
            "verge-debug",
            "proxy",
            "accept-encoding",
            "alt-svc",
            "strict-transport-security");

    private TrailerFields() {}

    /** Those of the fields that may pass. */
    public static HttpFields passed(HttpFields trailers) {
        return trailers.size() == 0 ? trailers : FieldRules.endToEnd(trailers).without(TrailerFields::isForbidden);
    }

    private static boolean isForbidden(String name) {
        if (NEVER.containsAsOriginsRead(name)) {
            return true;
        }
        String read = FieldRules.asOriginsRead(name);
        return read.startsWith("if-")
                || read.startsWith("x-forwarded")
                || read.startsWith("sec-websocket-")
                || read.isEmpty();
    }
}
