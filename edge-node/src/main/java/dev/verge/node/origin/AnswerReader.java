package dev.verge.node.origin;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads an HTTP/1 origin's bytes beside the decoder and knows one thing: whether there is exactly one way to read them (RFC 9112
 * §2.2, §4, §5, §6.3, §7.1). What another reader might take for another message is refused here, before the decoder, which is
 * more forgiving, sees it. Holds at most one line. Not thread-safe.
 */
final class AnswerReader {
    /** Status line and fields of one head, or all trailers, line ends included. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 500;
    private static final int MAX_CHUNK_LINE_BYTES = 1024;
    private static final int MAX_LENGTH_DIGITS = 18;
    private static final int MAX_CHUNK_DIGITS = 15;

    /** Heads of interim responses before a final one; an origin that sends more is not going to answer. */
    private static final int MAX_INTERIM = 64;

    private enum State {
        /** Nothing was asked: nothing may come. */
        QUIET,
        STATUS_LINE,
        FIELDS,
        FIXED,
        UNTIL_CLOSE,
        CHUNK_LINE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        /** Another protocol after 101. */
        OPAQUE
    }

    private State state = State.QUIET;
    private byte[] line = new byte[256];
    private int lineLength;
    private int headBytes;
    private int fields;
    private int interim;
    private boolean forHead;
    private boolean maySwitch;
    private boolean started;
    private boolean oldVersion;
    private int status;
    private long contentLength;
    private boolean coded;
    private long left;
    private @Nullable String broken;

    /**
     * A request goes out: its answer may come.
     *
     * @param upgrade whether it asks for another protocol
     */
    void expect(boolean headMethod, boolean upgrade) {
        forHead = headMethod;
        maySwitch = upgrade;
        started = false;
        interim = 0;
        beginHead();
    }

    /** Whether any byte of the expected answer has come. */
    boolean hasStarted() {
        return started;
    }

    /** Whether the head of {@code 101 Switching Protocols} has been read: what follows is no HTTP. */
    boolean hasSwitched() {
        return state == State.OPAQUE;
    }

    /** The rule that the origin broke; null: none so far. */
    @Nullable
    String broken() {
        return broken;
    }

    /**
     * Looks at what has come, without consuming it.
     *
     * @return how many of the bytes belong to the answer that was asked for. Fewer than there are: either {@link #broken} says
     *     why, or the rest follows a complete answer and belongs to nobody
     */
    int read(ByteBuf bytes) {
        int begin = bytes.readerIndex();
        int end = bytes.writerIndex();
        int at = begin;
        if (state != State.QUIET && end > begin) {
            started = true;
        }
        while (at < end && broken == null) {
            switch (state) {
                case QUIET -> {
                    return at - begin;
                }
                case OPAQUE -> {
                    return at - begin;
                }
                case UNTIL_CLOSE -> at = end;
                case FIXED, CHUNK -> {
                    long taken = Math.min(left, end - at);
                    at += (int) taken;
                    left -= taken;
                    if (left == 0) {
                        state = state == State.FIXED ? State.QUIET : State.CHUNK_END;
                    }
                }
                case STATUS_LINE, FIELDS, CHUNK_LINE, CHUNK_END, TRAILERS -> take(bytes.getByte(at++));
            }
        }
        return at - begin;
    }

    private void beginHead() {
        state = State.STATUS_LINE;
        headBytes = 0;
        fields = 0;
        contentLength = -1;
        coded = false;
        lineLength = 0;
    }

    private void take(byte next) {
        int most = state == State.CHUNK_LINE || state == State.CHUNK_END ? MAX_CHUNK_LINE_BYTES : MAX_HEAD_BYTES;
        if (++headBytes > most) {
            broken = "head too large";
        } else if (lineLength > 0 && line[lineLength - 1] == '\r') {
            if (next == '\n') {
                lineLength--;
                lineEnded();
                lineLength = 0;
            } else {
                broken = "bare CR";
            }
        } else if (next == '\n') {
            broken = "bare LF";
        } else if ((next >= 0 && next < ' ' && next != '\t' && next != '\r') || next == 0x7f) {
            broken = "control byte";
        } else {
            if (lineLength == line.length) {
                line = java.util.Arrays.copyOf(line, line.length * 2);
            }
            line[lineLength++] = next;
        }
    }

    private void lineEnded() {
        switch (state) {
            case STATUS_LINE -> statusLine();
            case FIELDS -> {
                if (lineLength == 0) {
                    headEnded();
                } else {
                    field(false);
                }
            }
            case CHUNK_LINE -> chunkLine();
            case CHUNK_END -> {
                if (lineLength == 0) {
                    headBytes = 0;
                    state = State.CHUNK_LINE;
                } else {
                    broken = "chunk longer than its size";
                }
            }
            case TRAILERS -> {
                if (lineLength == 0) {
                    state = State.QUIET;
                } else {
                    field(true);
                }
            }
            case QUIET, FIXED, UNTIL_CLOSE, CHUNK, OPAQUE -> throw new IllegalStateException("no lines here");
        }
    }

    /** {@code HTTP/1.x SP 3DIGIT [SP reason]}; the second space is left out by many, which nobody can misread. */
    private void statusLine() {
        boolean version = lineLength >= 12
                && text(0, 7).equals("HTTP/1.")
                && (line[7] == '1' || line[7] == '0')
                && line[8] == ' ';
        if (!version || !isDigit(line[9]) || !isDigit(line[10]) || !isDigit(line[11])) {
            broken = "not an HTTP/1 status line";
            return;
        }
        status = Integer.parseInt(text(9, 12));
        oldVersion = line[7] == '0';
        if ((lineLength > 12 && line[12] != ' ') || status < 100 || status > 599) {
            broken = "not an HTTP/1 status line";
            return;
        }
        state = State.FIELDS;
    }

    private void field(boolean trailer) {
        int nameEnd = 0;
        while (nameEnd < lineLength && isTokenCharacter(line[nameEnd])) {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < lineLength && (line[colon] == ' ' || line[colon] == '\t')) {
            colon++;
        }
        if (nameEnd == 0 || colon == lineLength || line[colon] != ':') {
            broken = "not a field line";
            return;
        }
        if (++fields > MAX_FIELDS) {
            broken = "too many fields";
            return;
        }
        String name = nameEnd == 14 || nameEnd == 17 ? text(0, nameEnd).toLowerCase(Locale.ROOT) : "";
        boolean length = name.equals("content-length");
        boolean coding = name.equals("transfer-encoding");
        if (!length && !coding) {
            return;
        }
        if (trailer || colon != nameEnd) {
            broken = "misplaced " + name;
        } else if (length) {
            contentLength(text(colon + 1, lineLength).strip());
        } else if (coded || !text(colon + 1, lineLength).strip().equalsIgnoreCase("chunked")) {
            broken = "unknown transfer coding";
        } else {
            coded = true;
        }
    }

    private void contentLength(String value) {
        boolean number = !value.isEmpty()
                && value.length() <= MAX_LENGTH_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || contentLength >= 0) {
            broken = "bad or repeated Content-Length";
            return;
        }
        contentLength = Long.parseLong(value);
    }

    /** RFC 9112 §6.3, with an error in every case in which two readers might differ. */
    private void headEnded() {
        if (coded && (contentLength >= 0 || oldVersion)) {
            broken = "Transfer-Encoding with Content-Length or HTTP/1.0";
        } else if (status == 101) {
            if (!maySwitch || coded || contentLength > 0) {
                broken = "another protocol that nobody asked for";
            } else {
                state = State.OPAQUE;
            }
        } else if (status < 200) {
            if (coded || contentLength > 0 || ++interim > MAX_INTERIM) {
                broken = "content or no end in interim responses";
            } else {
                beginHead();
            }
        } else if (status == 204 && (coded || contentLength > 0)) {
            broken = "204 with content";
        } else if (forHead || status == 204 || status == 304 || contentLength == 0) {
            state = State.QUIET;
        } else if (coded) {
            state = State.CHUNK_LINE;
            headBytes = 0;
        } else if (contentLength > 0) {
            state = State.FIXED;
            left = contentLength;
        } else {
            state = State.UNTIL_CLOSE;
        }
    }

    private void chunkLine() {
        int digits = 0;
        long size = 0;
        while (digits < lineLength && Character.digit(line[digits], 16) >= 0) {
            size = size * 16 + Character.digit(line[digits++], 16);
            if (digits > MAX_CHUNK_DIGITS) {
                break;
            }
        }
        if (digits == 0
                || digits > MAX_CHUNK_DIGITS
                || size > Integer.MAX_VALUE
                || (digits < lineLength && line[digits] != ';')) {
            broken = "bad chunk size";
            return;
        }
        headBytes = 0;
        left = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK;
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isTokenCharacter(byte b) {
        return isDigit(b)
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b > ' ' && "!#$%&'*+-.^_`|~".indexOf(b) >= 0);
    }
}
