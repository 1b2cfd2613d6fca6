package dev.verge.node.rules;

import dev.verge.node.exchange.ClientTls;
import dev.verge.sync.certificate.CertificateFacts;
import dev.verge.sync.document.DeviceType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Single values out of a request's query, cookies and fields; each is looked for when a rule asks, never parsed ahead. */
final class RequestValues {
    private RequestValues() {}

    /** Values of a query argument, decoded as a form would be ({@code application/x-www-form-urlencoded}, URL Standard §5.1). */
    static List<String> arguments(RequestFacts facts, String name) {
        String query = facts.query();
        if (query == null || query.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        eachArgument(facts, (argument, value) -> {
            if (argument.equals(name)) {
                values.add(value);
            }
        });
        return values;
    }

    /** Every argument with its value, decoded, in order. */
    static void eachArgument(RequestFacts facts, BiConsumer<String, String> action) {
        String query = facts.query();
        if (query == null || query.isEmpty()) {
            return;
        }
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            if (end < 0) {
                end = query.length();
            }
            int equals = query.indexOf('=', start);
            boolean hasValue = equals >= 0 && equals < end;
            action.accept(
                    decoded(query.substring(start, hasValue ? equals : end)),
                    hasValue ? decoded(query.substring(equals + 1, end)) : "");
            start = end + 1;
        }
    }

    /** The cookie's first value (RFC 6265 §4.2.1), without the quotes around it; null when there is none. */
    static @Nullable String cookie(RequestFacts facts, String name) {
        List<String> values = new ArrayList<>(1);
        eachCookie(facts, (cookie, value) -> {
            if (cookie.equals(name)) {
                values.add(value);
            }
        });
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Every cookie with its value, in order. */
    static void eachCookie(RequestFacts facts, BiConsumer<String, String> action) {
        for (String line : facts.header("cookie")) {
            int start = 0;
            while (start < line.length()) {
                int end = line.indexOf(';', start);
                if (end < 0) {
                    end = line.length();
                }
                int equals = line.indexOf('=', start);
                if (equals >= 0 && equals < end) {
                    String value = line.substring(equals + 1, end).strip();
                    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                    action.accept(
                            line.substring(start, equals).strip(),
                            quoted ? value.substring(1, value.length() - 1) : value);
                }
                start = end + 1;
            }
        }
    }

    /** The facts of a verified client certificate; none without one. */
    static Map<String, String> certificate(RequestFacts facts) {
        ClientTls tls = facts.tls();
        X509Certificate certificate = tls == null ? null : tls.certificate();
        return certificate == null ? Map.of() : CertificateFacts.of(certificate);
    }

    /** What kind of client this is: the client hint where there is one, else what {@code User-Agent} looks like. */
    static DeviceType device(RequestFacts facts) {
        String agent = first(facts, "user-agent").toLowerCase(Locale.ROOT);
        boolean tablet = agent.contains("ipad")
                || agent.contains("tablet")
                || (agent.contains("android") && !agent.contains("mobile"));
        if (tablet) {
            return DeviceType.TABLET;
        }
        boolean mobile = first(facts, "sec-ch-ua-mobile").equals("?1")
                || agent.contains("mobile")
                || agent.contains("iphone")
                || agent.contains("ipod");
        return mobile ? DeviceType.MOBILE : DeviceType.DESKTOP;
    }

    /** The first line of a field, or nothing. */
    static String first(RequestFacts facts, String lowerCaseName) {
        List<String> lines = facts.header(lowerCaseName);
        return lines.isEmpty() ? "" : lines.getFirst();
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            // A stray % stands for itself (URL Standard, percent-decode).
            return text;
        }
    }
}
