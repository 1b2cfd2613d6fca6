package dev.verge.node.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of one head say about where its message ends (RFC 9112 §6.3). Only the fields that matter for it are kept, in two
 * small arrays that are used again for each message of the connection.
 */
final class Framing {
    /** As many digits as surely fit in a long. */
    private static final int MAX_DIGITS = 18;

    private static final Set<String> OTHER_CODINGS = Set.of("gzip", "x-gzip", "deflate", "compress", "x-compress");

    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOST = "host".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE = "upgrade".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECTION = "connection".getBytes(StandardCharsets.US_ASCII);

    /** Longer names are none of those looked for. */
    private final byte[] name = new byte[TRANSFER_ENCODING.length];

    private int nameLength;
    private boolean underscore;

    private final byte[] value = new byte[128];
    private int valueLength;

    private Kind kind = Kind.OTHER;
    private long length = -1;
    private boolean chunked;
    private boolean host;
    private final Wish wish = new Wish();

    private enum Kind {
        OTHER,
        LENGTH,
        CODING,
        HOST,
        UPGRADE,
        CONNECTION
    }

    void newMessage() {
        length = -1;
        chunked = false;
        host = false;
        wish.newMessage();
    }

    void newField() {
        nameLength = 0;
        underscore = false;
        valueLength = 0;
    }

    void name(byte b) {
        if (nameLength < name.length) {
            byte read = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
            if (b == '_') {
                underscore = true;
                read = '-';
            }
            name[nameLength] = read;
        }
        nameLength++;
    }

    boolean hasName() {
        return nameLength > 0;
    }

    /** Called at the colon. */
    @Nullable
    Violation named(boolean trailer) {
        kind = switch (nameLength) {
            case 4 -> is(HOST) ? Kind.HOST : Kind.OTHER;
            case 7 -> is(UPGRADE) && !underscore ? Kind.UPGRADE : Kind.OTHER;
            case 10 -> is(CONNECTION) && !underscore ? Kind.CONNECTION : Kind.OTHER;
            case 14 -> is(CONTENT_LENGTH) ? Kind.LENGTH : Kind.OTHER;
            case 17 -> is(TRANSFER_ENCODING) ? Kind.CODING : Kind.OTHER;
            default -> Kind.OTHER;
        };
        if (kind == Kind.OTHER || kind == Kind.UPGRADE || kind == Kind.CONNECTION) {
            return null;
        }
        if (trailer) {
            return Violation.TRAILER; // RFC 9110 §6.5.1
        }
        return underscore ? Violation.DISGUISED_FIELD : null;
    }

    private boolean is(byte[] known) {
        return Arrays.equals(name, 0, nameLength, known, 0, known.length);
    }

    /** Whether the bytes of this value are wanted. */
    boolean listens() {
        return kind != Kind.OTHER && kind != Kind.HOST;
    }

    void value(byte b) {
        if (valueLength < value.length) {
            value[valueLength] = b;
        }
        valueLength++;
    }

    /** Called at the end of a field line. */
    @Nullable
    Violation fieldEnded() {
        return switch (kind) {
            case OTHER -> null;
            case HOST -> {
                boolean again = host;
                host = true;
                yield again ? Violation.HOST_TWICE : null;
            }
            case LENGTH -> length();
            case CODING -> coding();
            case UPGRADE -> {
                wish.upgrade(text());
                yield null;
            }
            case CONNECTION -> {
                if (mayName(UPGRADE)) {
                    wish.connection(text());
                }
                yield null;
            }
        };
    }

    /** Whether the value may hold that word: no text is made of the usual {@code keep-alive}. */
    private boolean mayName(byte[] word) {
        if (valueLength < word.length || valueLength > value.length) {
            return false;
        }
        for (int i = 0; i < valueLength; i++) {
            if ((value[i] | 0x20) == word[0]) {
                return true;
            }
        }
        return false;
    }

    private String text() {
        return valueLength > value.length ? "?" : new String(value, 0, valueLength, StandardCharsets.ISO_8859_1);
    }

    private @Nullable Violation length() {
        int from = 0;
        int to = Math.min(valueLength, value.length);
        while (from < to && Octets.isBlank(value[from])) {
            from++;
        }
        while (to > from && Octets.isBlank(value[to - 1])) {
            to--;
        }
        if (from == to || valueLength > value.length) {
            return Violation.CONTENT_LENGTH;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (value[i] < '0' || value[i] > '9') {
                return Violation.CONTENT_LENGTH;
            }
            number = i - from < MAX_DIGITS ? number * 10 + (value[i] - '0') : Long.MAX_VALUE;
        }
        if (length >= 0) {
            return Violation.CONTENT_LENGTH_TWICE;
        }
        if (to - from > MAX_DIGITS) {
            return Violation.CONTENT_TOO_LARGE;
        }
        length = number;
        return null;
    }

    private @Nullable Violation coding() {
        if (chunked) {
            return Violation.CODING;
        }
        String codings = strip(text()).toLowerCase(Locale.ROOT);
        if (codings.equals("chunked")) {
            chunked = true;
            return null;
        }
        String[] list = codings.split(",", -1);
        boolean known = list.length > 1 && strip(list[list.length - 1]).equals("chunked");
        for (int i = 0; i < list.length - 1; i++) {
            known &= OTHER_CODINGS.contains(strip(list[i]));
        }
        return known ? Violation.CODING_UNKNOWN : Violation.CODING;
    }

    /** Without the white space that HTTP knows; every other control byte stays and matches nothing. */
    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\t')) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Called at the end of the head. */
    @Nullable
    Violation headEnded(boolean http10) {
        if (chunked && length >= 0) {
            return Violation.LENGTH_AND_CODING;
        }
        return chunked && http10 ? Violation.CODING_IN_HTTP_1_0 : null;
    }

    /** The protocols that the request wants to go on with, as it named them; null for none that a proxy could pass on. */
    @Nullable
    String upgrade(boolean http10) {
        return http10 || chunked || length > 0 ? null : wish.protocols();
    }

    boolean isChunked() {
        return chunked;
    }

    /** The stated number of bytes; 0 when none is stated: a request without either field has no content. */
    long contentLength() {
        return Math.max(0, length);
    }
}
