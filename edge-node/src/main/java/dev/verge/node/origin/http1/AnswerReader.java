package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.wire.FieldNames;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of an HTTP/1 origin (RFC 9112 §2.2, §4, §5, §6.3, §7.1), where there is exactly one way to read them: what another
 * reader might take for another message is an error. Holds at most one head. Not thread-safe.
 */
final class AnswerReader {
    /** Status line and fields of one head, or all trailers, line ends included. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 500;
    private static final int MAX_CHUNK_LINE_BYTES = 1024;
    private static final int MAX_LENGTH_DIGITS = 18;

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

    private static final Set<State> LINES =
            EnumSet.of(State.STATUS_LINE, State.FIELDS, State.CHUNK_LINE, State.CHUNK_END, State.TRAILERS);

    /** Bytes are looked at in an array of the thread's: one by one out of a buffer they cost several times as much. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[4096];
        }
    };

    private final AnswerParts parts;
    private State state = State.QUIET;
    private byte[] line = new byte[256];
    private HttpFields.Builder collected = HttpFields.builder();
    private boolean closes;
    private boolean persists;
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

    AnswerReader(AnswerParts parts) {
        this.parts = parts;
    }

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
                case QUIET, OPAQUE -> {
                    return at - begin; // the rest is nobody's
                }
                case UNTIL_CLOSE -> {
                    parts.content(bytes, at, end - at);
                    at = end;
                }
                case FIXED, CHUNK -> {
                    int taken = (int) Math.min(left, end - at);
                    parts.content(bytes, at, taken);
                    at += taken;
                    left -= taken;
                    if (left == 0) {
                        contentEnded();
                    }
                }
                case STATUS_LINE, FIELDS, CHUNK_LINE, CHUNK_END, TRAILERS -> {
                    byte[] scratch = SCRATCH.get();
                    int piece = Math.min(end - at, scratch.length);
                    bytes.getBytes(at, scratch, 0, piece);
                    at += lines(scratch, piece);
                }
            }
        }
        return at - begin;
    }

    /** The connection has closed: whether an answer was under way that ends with it. */
    boolean endsByClose() {
        if (state != State.UNTIL_CLOSE) {
            return false;
        }
        state = State.QUIET;
        parts.end(HttpFields.EMPTY);
        return true;
    }

    private void contentEnded() {
        if (state == State.FIXED) {
            ended(HttpFields.EMPTY);
        } else {
            state = State.CHUNK_END;
        }
    }

    private void ended(HttpFields trailers) {
        state = State.QUIET;
        parts.end(trailers);
    }

    /** Reads lines for as long as lines are what comes; returns how many bytes that took. */
    private int lines(byte[] from, int length) {
        int at = 0;
        while (at < length && broken == null && readsLines()) {
            take(from[at++]);
        }
        return at;
    }

    private boolean readsLines() {
        return LINES.contains(state);
    }

    private void beginHead() {
        state = State.STATUS_LINE;
        headBytes = 0;
        fields = 0;
        contentLength = -1;
        coded = false;
        lineLength = 0;
        collected = HttpFields.builder();
        closes = false;
        persists = false;
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
                line = Arrays.copyOf(line, line.length * 2);
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
                    ended(collected.build());
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
        int nameEnd = FieldNames.token(line, lineLength);
        int colon = nameEnd;
        while (colon < lineLength && isBlank(line[colon])) {
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
        int from = colon + 1;
        int to = lineLength;
        while (from < to && isBlank(line[from])) {
            from++;
        }
        while (to > from && isBlank(line[to - 1])) {
            to--;
        }
        String name = FieldNames.of(line, nameEnd);
        String value = text(from, to);
        collected.add(name, value);
        boolean length = nameEnd == 14 && name.equalsIgnoreCase("content-length");
        boolean coding = nameEnd == 17 && name.equalsIgnoreCase("transfer-encoding");
        if (nameEnd == 10 && name.equalsIgnoreCase("connection")) {
            closes |= FieldRules.names(List.of(value), "close");
            persists |= FieldRules.names(List.of(value), "keep-alive");
        }
        if (!length && !coding) {
            return;
        }
        if (trailer || colon != nameEnd) {
            broken = "misplaced " + name;
        } else if (length) {
            contentLength(value);
        } else if (coded || !value.equalsIgnoreCase("chunked")) {
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
                parts.interim(status, collected.build());
            }
        } else if (status < 200) {
            if (coded || contentLength > 0 || ++interim > MAX_INTERIM) {
                broken = "content or no end in interim responses";
            } else {
                parts.interim(status, collected.build());
                beginHead();
            }
        } else if (status == 204 && (coded || contentLength > 0)) {
            broken = "204 with content";
        } else {
            finalHead();
        }
    }

    private void finalHead() {
        boolean bodyless = forHead || status == 204 || status == 304 || contentLength == 0;
        boolean untilClose = !bodyless && !coded && contentLength < 0;
        parts.head(status, collected.build(), closes || untilClose || (oldVersion && !persists));
        if (bodyless) {
            ended(HttpFields.EMPTY);
        } else if (coded) {
            state = State.CHUNK_LINE;
            headBytes = 0;
            collected = HttpFields.builder();
        } else if (untilClose) {
            state = State.UNTIL_CLOSE;
        } else {
            state = State.FIXED;
            left = contentLength;
        }
    }

    private void chunkLine() {
        left = ChunkSize.of(line, lineLength);
        if (left < 0) {
            broken = "bad chunk size";
            return;
        }
        headBytes = 0;
        state = left == 0 ? State.TRAILERS : State.CHUNK;
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
