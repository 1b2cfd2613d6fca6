package dev.verge.sandbox.host;

import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.wire.WireLimits;
import java.util.ArrayList;
import java.util.List;

/** Header fields as the boundary carries them: a line for each name and each value. */
final class HeaderLines {
    private HeaderLines() {}

    static String join(List<HeaderField> headers) {
        StringBuilder lines = new StringBuilder(headers.size() * 48);
        for (HeaderField header : headers) {
            if (!lines.isEmpty()) {
                lines.append('\n');
            }
            lines.append(header.name()).append('\n').append(header.value());
        }
        return lines.toString();
    }

    /** Whether the node would take them: not too many, and not too large together. */
    static boolean fit(String lines) {
        int length = lines.length();
        return length <= WireLimits.MAX_HEADERS
                || (length <= WireLimits.MAX_HEADER_BYTES
                        && lines.chars().filter(c -> c == '\n').count() < 2L * WireLimits.MAX_HEADERS);
    }

    static List<HeaderField> split(String lines) {
        List<HeaderField> headers = new ArrayList<>();
        if (!lines.isEmpty()) {
            String[] parts = lines.split("\n", -1);
            for (int i = 0; i + 1 < parts.length; i += 2) {
                headers.add(new HeaderField(parts[i], parts[i + 1]));
            }
        }
        return headers;
    }
}
