package dev.verge.node.fast;

import dev.verge.cache.http.HttpFields;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a request say to who would answer it the short way. Pure.
 *
 * @param fields all of them, as they came
 * @param host of the {@code Host} field
 * @param deciding whether one of them may decide what of a stored response is sent, besides what it varies on
 * @param strange whether one of them is not known to be harmless: it may be a claim that is not believed, or an override
 */
record Asked(HttpFields fields, String host, boolean deciding, boolean strange) {
    private enum Meaning {
        /** Tells a plain hit nothing. */
        HARMLESS,
        HOST,
        CONNECTION,
        /** May make a hit a 304, or no hit. */
        DECIDING,
        LENGTH,
        /** Counts only from a trusted proxy. */
        CLAIM,
        /** Needs the whole path. */
        ORDINARY,
        STRANGE
    }

    /** {@code te} says nothing there but trailers, which is seen elsewhere. */
    private static final Set<String> HTTP_1_ONLY = Set.of("host", "connection", "keep-alive", "te");

    private static final Map<String, Meaning> MEANINGS = meanings();

    private static Map<String, Meaning> meanings() {
        Map<String, Meaning> known = new HashMap<>();
        known.put("host", Meaning.HOST);
        known.put("connection", Meaning.CONNECTION);
        put(known, Meaning.DECIDING, "cache-control", "pragma", "if-none-match", "if-modified-since");
        put(known, Meaning.CLAIM, "x-forwarded-for", "x-forwarded-proto", "x-request-id", "traceparent");
        known.put("content-length", Meaning.LENGTH);
        put(
                known,
                Meaning.ORDINARY,
                "range",
                "if-range",
                "if-match",
                "if-unmodified-since",
                "expect",
                "transfer-encoding",
                "upgrade",
                "cdn-loop",
                "verge-debug");
        put(
                known,
                Meaning.HARMLESS,
                "accept",
                "accept-charset",
                "accept-encoding",
                "accept-language",
                "authorization",
                "cookie",
                "dnt",
                "keep-alive",
                "origin",
                "priority",
                "referer",
                "save-data",
                "sec-ch-ua",
                "sec-ch-ua-mobile",
                "sec-ch-ua-platform",
                "sec-fetch-dest",
                "sec-fetch-mode",
                "sec-fetch-site",
                "sec-fetch-user",
                "sec-gpc",
                "te",
                "upgrade-insecure-requests",
                "user-agent");
        return Map.copyOf(known);
    }

    private static void put(Map<String, Meaning> known, Meaning meaning, String... names) {
        for (String name : List.of(names)) {
            known.put(name, meaning);
        }
    }

    /**
     * Reads the fields of a request.
     *
     * @param trusted whether the peer's claims are believed
     * @return null when the request needs the whole path
     */
    static @Nullable Asked read(HttpHeaders headers, boolean trusted) {
        return read(headers, new Reading(trusted, false));
    }

    /** The same of a request whose content has a length. */
    static @Nullable Asked withContent(HttpHeaders headers, boolean trusted) {
        return read(headers, new Reading(trusted, true));
    }

    private static @Nullable Asked read(HttpHeaders headers, Reading reading) {
        Iterator<Map.Entry<CharSequence, CharSequence>> each = headers.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            if (!reading.take(field.getKey().toString(), field.getValue().toString())) {
                return null;
            }
        }
        return reading.asked();
    }

    /**
     * Reads the fields of a request over HTTP/2; the whole path gets one that has a {@code Host} field besides, or a field that is not
     * allowed there.
     *
     * @param trusted whether the peer's claims are believed
     * @return null when the request needs the whole path
     */
    static @Nullable Asked read(Http2Headers headers, String authority, boolean trusted) {
        Reading reading = new Reading(trusted, false);
        @Nullable String cookie = null;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            if (name.equals("cookie")) {
                cookie = cookie == null ? value : cookie + "; " + value; // RFC 9113 §8.2.3
            } else if (!name.startsWith(":") && (HTTP_1_ONLY.contains(name) || !reading.take(name, value))) {
                return null;
            }
        }
        if (cookie != null && !reading.take("cookie", cookie)) {
            return null;
        }
        reading.host = authority;
        return reading.asked();
    }

    /** What was read so far. */
    private static final class Reading {
        private final boolean trusted;
        private final boolean content;
        private final HttpFields.Builder fields = HttpFields.builder();
        private @Nullable String host;
        private boolean deciding;
        private boolean strange;

        Reading(boolean trusted, boolean content) {
            this.trusted = trusted;
            this.content = content;
        }

        /** False when the request needs the whole path. */
        boolean take(String name, String value) {
            fields.add(name, value);
            switch (meaning(name)) {
                case HARMLESS -> {}
                case HOST -> host = value;
                case CONNECTION -> {
                    return value.equalsIgnoreCase("keep-alive");
                }
                case DECIDING -> deciding = true;
                case CLAIM -> {
                    strange = true;
                    return !trusted;
                }
                case LENGTH -> {
                    return content;
                }
                case ORDINARY -> {
                    return false;
                }
                case STRANGE -> strange = true;
            }
            return true;
        }

        @Nullable
        Asked asked() {
            return host == null ? null : new Asked(fields.build(), host, deciding, strange);
        }
    }

    private static Meaning meaning(String name) {
        Meaning written = MEANINGS.get(name);
        return written != null ? written : MEANINGS.getOrDefault(name.toLowerCase(Locale.ROOT), Meaning.STRANGE);
    }
}
