package dev.verge.node.server.http1;

import org.jspecify.annotations.Nullable;

/**
 * Follows the requests of one connection byte by byte and says where the first one is that HTTP/1.1 does not allow. Pure: no buffers,
 * no clock; how the bytes are cut makes no difference. Allocates nothing while messages are well formed.
 *
 * <p>Its state is a few numbers and what {@link Framing} keeps. Content is not looked at: {@link #contentAhead} says how much of it
 * comes, and the caller skips it.
 */
final class Http1Reader {
    /** RFC 9112 §2.2 asks servers to ignore at least one. */
    private static final int MAX_EMPTY_LINES = 4;

    /** Longer than any registered method. */
    private static final int MAX_METHOD = 32;

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/'};
    private static final int VERSION_LENGTH = 8;

    private final long maxLine;
    private final long maxFieldBytes;
    private final int maxFields;
    private final Messages messages;
    private final Framing framing = new Framing();
    private final ChunkLine chunk = new ChunkLine();

    private ReadState state = ReadState.START;
    private @Nullable Violation violation;
    private int emptyLines;
    private long lineBytes;
    private int part;
    private int protocol;
    private boolean word;
    private long fieldBytes;
    private int fields;
    private boolean inContent;
    private boolean trailer;
    private boolean http10;
    private long content;

    /** What happens between the bytes. */
    interface Messages {
        /** The first byte of a request has come. */
        void begun();

        /** The head is complete and allowed. */
        void headRead();

        /** The message is complete. */
        void ended();
    }

    Http1Reader(long maxLine, long maxFieldBytes, int maxFields, Messages messages) {
        this.maxLine = maxLine;
        this.maxFieldBytes = maxFieldBytes;
        this.maxFields = maxFields;
        this.messages = messages;
    }

    /** What is wrong with the byte that {@link #read} stopped at, or null while all is well. */
    @Nullable
    Violation violation() {
        return violation;
    }

    /** Whether nothing of a message has come since the last one ended. */
    boolean betweenMessages() {
        return state == ReadState.START || state == ReadState.START_LF;
    }

    /** Whether the next byte is the first of a message, or of what may stand before it. */
    boolean isAtStart() {
        return state == ReadState.START && emptyLines == 0;
    }

    /** Whether the last request wants to leave HTTP: what follows its head is not read until that is decided. */
    boolean hasLeft() {
        return state == ReadState.LEFT;
    }

    /** The protocols that it named; null unless {@link #hasLeft}. */
    @Nullable
    String upgrade() {
        return hasLeft() ? framing.upgrade(http10) : null;
    }

    /** Whether a head has been read and its message has not ended. */
    boolean inContent() {
        return inContent;
    }

    /** How many bytes of content come next. The caller has to take them off by {@link #contentTaken}. */
    long contentAhead() {
        return state == ReadState.CONTENT || state == ReadState.CHUNK_CONTENT ? content : 0;
    }

    void contentTaken(long bytes) {
        content -= bytes;
        if (content == 0) {
            if (state == ReadState.CONTENT) {
                ended();
            } else {
                state = ReadState.CHUNK_CR;
            }
        }
    }

    /**
     * Reads on. Stops at the end of the bytes, in front of content, or at the byte that breaks a rule.
     *
     * @return how many bytes are in order
     */
    int read(byte[] in, int from, int to) {
        int at = from;
        while (at < to && violation == null) {
            switch (state) {
                case TARGET -> at = target(in, at, to);
                case VALUE -> at = value(in, at, to);
                case CONTENT, CHUNK_CONTENT, LEFT -> {
                    return at - from;
                }
                default -> {
                    violation = step(in[at]);
                    if (violation == null) {
                        at++;
                    }
                }
            }
        }
        return at - from;
    }

    private @Nullable Violation step(byte b) {
        return switch (state) {
            case START -> start(b);
            case START_LF -> startLf(b);
            case METHOD -> method(b);
            case VERSION -> version(b);
            case LINE_LF -> to(ReadState.FIELD, b);
            case FIELD -> field(b);
            case NAME -> name(b);
            case VALUE_LF -> valueLf(b);
            case HEAD_LF -> headLf(b);
            case CHUNK_LINE -> chunkLine(b);
            case CHUNK_CR -> chunkCr(b);
            case CHUNK_LF -> chunkLf(b);
            case TARGET, VALUE, CONTENT, CHUNK_CONTENT, LEFT ->
                throw new IllegalStateException("read in runs: " + state);
        };
    }

    private @Nullable Violation to(ReadState next, byte b) {
        if (b != '\n') {
            return Violation.BARE_CR;
        }
        state = next;
        return null;
    }

    private @Nullable Violation start(byte b) {
        if (b == '\r') {
            state = ReadState.START_LF;
            return ++emptyLines > MAX_EMPTY_LINES ? Violation.EMPTY_LINES : null;
        }
        if (b == '\n') {
            return Violation.BARE_LF;
        }
        if (!Octets.isToken(b)) {
            return Violation.METHOD;
        }
        state = ReadState.METHOD;
        lineBytes = 1;
        fieldBytes = 0;
        fields = 0;
        trailer = false;
        framing.newMessage();
        messages.begun();
        return null;
    }

    private @Nullable Violation startLf(byte b) {
        return to(ReadState.START, b);
    }

    private @Nullable Violation method(byte b) {
        if (b == ' ') {
            state = ReadState.TARGET;
            part = 0;
            lineBytes++;
            return null;
        }
        if (b == '\r' || b == '\n' || b == '\t') {
            return Violation.REQUEST_LINE;
        }
        if (!Octets.isToken(b)) {
            return Violation.METHOD;
        }
        return ++lineBytes > MAX_METHOD ? Violation.METHOD_TOO_LONG : null;
    }

    private int target(byte[] in, int from, int to) {
        int end = (int) Math.min(to, from + Math.max(0, maxLine - lineBytes));
        int at = from;
        while (at < end && Octets.isTarget(in[at])) {
            at++;
        }
        int read = at - from;
        if (part == 0 && read > 0) {
            word = in[from] >= 'A' && in[from] <= 'Z';
        }
        lineBytes += read;
        part += read;
        if (at == to) {
            return at;
        }
        if (at == end) {
            violation = Violation.REQUEST_LINE_TOO_LONG;
            return at;
        }
        byte b = in[at];
        if (b == ' ' && part > 0) {
            state = ReadState.VERSION;
            part = 0;
            return at + 1;
        }
        violation = b == '\r' || b == '\n' ? Violation.REQUEST_LINE : Violation.TARGET;
        return at;
    }

    private @Nullable Violation version(byte b) {
        if (part < VERSION.length) {
            boolean same = b == VERSION[part++];
            // A word where a target stands and one where the version stands: an invalid HTTP/2 preface is such a line.
            return same ? null : part == 1 && word ? Violation.NOT_HTTP : Violation.REQUEST_LINE;
        }
        if (part == VERSION_LENGTH) {
            if (b != '\r') {
                return b == '\n' ? Violation.BARE_LF : Violation.REQUEST_LINE;
            }
            if (protocol != 10 && protocol != 11) {
                return Violation.VERSION;
            }
            http10 = protocol == 10;
            state = ReadState.LINE_LF;
            return null;
        }
        boolean dot = part == VERSION.length + 1;
        if (dot ? b != '.' : b < '0' || b > '9') {
            return Violation.REQUEST_LINE;
        }
        if (!dot) {
            protocol = part == VERSION.length ? (b - '0') * 10 : protocol + (b - '0');
        }
        part++;
        return null;
    }

    /** At the first byte of a field line. */
    private @Nullable Violation field(byte b) {
        if (b == '\r') {
            state = ReadState.HEAD_LF;
            return null;
        }
        if (b == '\n') {
            return Violation.BARE_LF;
        }
        if (Octets.isBlank(b)) {
            return Violation.FOLDED;
        }
        if (++fields > maxFields) {
            return Violation.TOO_MANY_FIELDS;
        }
        framing.newField();
        state = ReadState.NAME;
        return name(b);
    }

    private @Nullable Violation name(byte b) {
        if (++fieldBytes > maxFieldBytes) {
            return Violation.FIELDS_TOO_LARGE;
        }
        if (Octets.isToken(b)) {
            framing.name(b);
            return null;
        }
        if (b == ':') {
            state = ReadState.VALUE;
            return framing.hasName() ? framing.named(trailer) : Violation.FIELD_NAME;
        }
        if (Octets.isBlank(b)) {
            return Violation.SPACE_BEFORE_COLON;
        }
        return b == '\r' || b == '\n' ? Violation.NO_COLON : Violation.FIELD_NAME;
    }

    private int value(byte[] in, int from, int to) {
        int end = (int) Math.min(to, from + Math.max(0, maxFieldBytes - fieldBytes));
        int at = from;
        if (framing.listens()) {
            while (at < end && Octets.isValue(in[at])) {
                framing.value(in[at++]);
            }
        } else {
            while (at < end && Octets.isValue(in[at])) {
                at++;
            }
        }
        fieldBytes += at - from;
        if (at == to) {
            return at;
        }
        if (at == end) {
            violation = Violation.FIELDS_TOO_LARGE;
            return at;
        }
        if (in[at] == '\r') {
            state = ReadState.VALUE_LF;
            return at + 1;
        }
        violation = in[at] == '\n' ? Violation.BARE_LF : Violation.FIELD_VALUE;
        return at;
    }

    private @Nullable Violation valueLf(byte b) {
        if (b != '\n') {
            return Violation.BARE_CR;
        }
        state = ReadState.FIELD;
        return framing.fieldEnded();
    }

    private @Nullable Violation headLf(byte b) {
        if (b != '\n') {
            return Violation.BARE_CR;
        }
        if (trailer) {
            ended();
            return null;
        }
        Violation unclear = framing.headEnded(http10);
        if (unclear != null) {
            return unclear;
        }
        content = framing.contentLength();
        messages.headRead();
        inContent = true;
        if (framing.isChunked()) {
            chunk.newMessage();
            state = ReadState.CHUNK_LINE;
        } else if (content > 0) {
            state = ReadState.CONTENT;
        } else {
            ended();
            if (framing.upgrade(http10) != null) {
                state = ReadState.LEFT;
            }
        }
        return null;
    }

    private @Nullable Violation chunkLine(byte b) {
        Violation unclear = chunk.read(b);
        if (unclear == null && chunk.ended()) {
            content = chunk.size();
            chunk.newLine();
            if (content > 0) {
                state = ReadState.CHUNK_CONTENT;
            } else {
                trailer = true;
                state = ReadState.FIELD;
            }
        }
        return unclear;
    }

    private @Nullable Violation chunkCr(byte b) {
        if (b != '\r') {
            return b == '\n' ? Violation.BARE_LF : Violation.CHUNK_END;
        }
        state = ReadState.CHUNK_LF;
        return null;
    }

    private @Nullable Violation chunkLf(byte b) {
        return to(ReadState.CHUNK_LINE, b);
    }

    private void ended() {
        state = ReadState.START;
        emptyLines = 0;
        inContent = false;
        trailer = false;
        messages.ended();
    }
}
