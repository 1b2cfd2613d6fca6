package dev.verge.node.observe;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A finished request as Apache's combined log format has it: {@code %h - - [%t] "%r" %>s %b "%{Referer}i" "%{User-Agent}i"}.
 * Whatever a client sent is escaped as Apache escapes it: no quote ends a field, no line break a line, and nothing but printable ASCII
 * reaches a terminal.
 */
final class CombinedLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** For a client that went away before there was a status; there is no code for it, and this is the one that readers know. */
    private static final int CLIENT_GONE = 499;

    private CombinedLine() {}

    static String of(AccessRecord request) {
        StringBuilder out = new StringBuilder(256);
        out.append(request.client()).append(" - - [").append(TIME.format(request.at()));
        out.append("] \"");
        escape(out, request.method());
        out.append(' ');
        escape(out, request.target());
        out.append(' ');
        escape(out, protocol(request.protocol()));
        out.append("\" ").append(request.status() == 0 ? CLIENT_GONE : request.status());
        out.append(' ').append(request.bytes() == 0 ? "-" : Long.toString(request.bytes()));
        field(out, request.referer());
        field(out, request.userAgent());
        return out.toString();
    }

    /** Apache and nginx write the minor version of HTTP/2 too. */
    private static String protocol(String protocol) {
        return protocol.indexOf('.') < 0 ? protocol + ".0" : protocol;
    }

    private static void field(StringBuilder out, @Nullable String value) {
        out.append(" \"");
        if (value == null || value.isEmpty()) {
            out.append('-');
        } else {
            escape(out, value);
        }
        out.append('"');
    }

    private static void escape(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= 0x20 && c < 0x7f) {
                out.append(c);
            } else if (c <= 0xff) {
                hex(out, c); // field values are read byte for byte
            } else {
                for (byte each : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    hex(out, each & 0xff);
                }
            }
        }
    }

    private static void hex(StringBuilder out, int octet) {
        out.append("\\x").append(Character.forDigit(octet >> 4, 16)).append(Character.forDigit(octet & 0xf, 16));
    }
}
