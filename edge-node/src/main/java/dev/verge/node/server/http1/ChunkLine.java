package dev.verge.node.server.http1;

import org.jspecify.annotations.Nullable;

/**
 * The line in front of a chunk (RFC 9112 §7.1): its size, and extensions, which are read to their end and mean nothing here.
 */
final class ChunkLine {
    /** Leading zeros included. */
    private static final int MAX_DIGITS = 16;

    /** Of one message: extensions are the cheapest bytes that a request can be blown up with. */
    private static final int MAX_EXTENSION_BYTES = 4096;

    private State state = State.FIRST_DIGIT;
    private int digits;
    private long size;
    private int extensionBytes;

    private enum State {
        FIRST_DIGIT,
        DIGITS,
        BLANK_AFTER_SIZE,
        NAME_START,
        NAME,
        BLANK_AFTER_NAME,
        VALUE_START,
        VALUE,
        QUOTED,
        QUOTED_PAIR,
        AFTER_QUOTED,
        BLANK_AFTER_VALUE,
        LF,
        ENDED
    }

    void newMessage() {
        extensionBytes = 0;
        newLine();
    }

    void newLine() {
        state = State.FIRST_DIGIT;
        digits = 0;
        size = 0;
    }

    boolean ended() {
        return state == State.ENDED;
    }

    long size() {
        return size;
    }

    @Nullable
    Violation read(byte b) {
        return switch (state) {
            case FIRST_DIGIT, DIGITS -> digit(b);
            case LF -> {
                state = State.ENDED;
                yield b == '\n' ? null : Violation.BARE_CR;
            }
            case ENDED -> throw new IllegalStateException("the line has ended");
            default -> ++extensionBytes > MAX_EXTENSION_BYTES ? Violation.CHUNK_EXTENSIONS_TOO_LARGE : extension(b);
        };
    }

    private @Nullable Violation digit(byte b) {
        int value = Octets.hex(b);
        if (value >= 0) {
            state = State.DIGITS;
            size = size << 4 | value;
            if (++digits > MAX_DIGITS) {
                return Violation.CHUNK_SIZE;
            }
            // The codec counts in 32 bits; a single chunk of 2 GiB is nobody's honest one.
            return size < 0 || size > Integer.MAX_VALUE ? Violation.CONTENT_TOO_LARGE : null;
        }
        if (state == State.FIRST_DIGIT) {
            return Violation.CHUNK_SIZE;
        }
        if (Octets.isBlank(b)) {
            state = State.BLANK_AFTER_SIZE;
            return null;
        }
        if (b == ';') {
            state = State.NAME_START;
            return null;
        }
        return b == '\r' ? to(State.LF) : b == '\n' ? Violation.BARE_LF : Violation.CHUNK_SIZE;
    }

    /** One byte of {@code *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )}; white space never ends the line. */
    private @Nullable Violation extension(byte b) {
        if (b == '\n') {
            return Violation.BARE_LF;
        }
        boolean blank = Octets.isBlank(b);
        return switch (state) {
            case BLANK_AFTER_SIZE, BLANK_AFTER_VALUE -> b == ';' ? to(State.NAME_START) : stay(blank);
            case NAME_START -> Octets.isToken(b) ? to(State.NAME) : stay(blank);
            case NAME -> Octets.isToken(b) ? null : blank ? to(State.BLANK_AFTER_NAME) : afterName(b, true);
            case BLANK_AFTER_NAME -> blank ? null : afterName(b, false);
            case VALUE_START -> b == '"' ? to(State.QUOTED) : Octets.isToken(b) ? to(State.VALUE) : stay(blank);
            case VALUE -> Octets.isToken(b) ? null : afterValue(b, blank);
            case AFTER_QUOTED -> afterValue(b, blank);
            case QUOTED -> b == '"' ? to(State.AFTER_QUOTED) : b == '\\' ? to(State.QUOTED_PAIR) : stay(isQuoted(b));
            case QUOTED_PAIR -> isQuoted(b) ? to(State.QUOTED) : Violation.CHUNK_EXTENSION;
            case FIRST_DIGIT, DIGITS, LF, ENDED -> throw new IllegalStateException("no extension: " + state);
        };
    }

    private @Nullable Violation afterName(byte b, boolean mayEnd) {
        return switch (b) {
            case '=' -> to(State.VALUE_START);
            case ';' -> to(State.NAME_START);
            case '\r' -> mayEnd ? to(State.LF) : Violation.CHUNK_EXTENSION;
            default -> Violation.CHUNK_EXTENSION;
        };
    }

    private @Nullable Violation afterValue(byte b, boolean blank) {
        return switch (b) {
            case ';' -> to(State.NAME_START);
            case '\r' -> to(State.LF);
            default -> blank ? to(State.BLANK_AFTER_VALUE) : Violation.CHUNK_EXTENSION;
        };
    }

    /** Without the bytes above 127, which RFC 9110 §5.6.4 allows: nobody needs them here, and the codec takes offence. */
    private static boolean isQuoted(byte b) {
        return b >= 0 && Octets.isValue(b);
    }

    private static @Nullable Violation stay(boolean allowed) {
        return allowed ? null : Violation.CHUNK_EXTENSION;
    }

    private @Nullable Violation to(State next) {
        state = next;
        return null;
    }
}
