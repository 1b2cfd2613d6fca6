package dev.verge.node.origin.http1;

/** The line before a chunk (RFC 9112 §7.1): its size, and extensions that nobody understands. Pure. */
final class ChunkSize {
    private static final int MAX_DIGITS = 15;

    private ChunkSize() {}

    /** Bytes of the chunk, from the first {@code length} bytes of its line; -1 when they are no size, or one past 2 GiB. */
    static long of(byte[] line, int length) {
        int digits = 0;
        long size = 0;
        while (digits < length && digits <= MAX_DIGITS && Character.digit(line[digits], 16) >= 0) {
            size = size * 16 + Character.digit(line[digits++], 16);
        }
        boolean ends = digits == length || line[digits] == ';';
        return digits == 0 || digits > MAX_DIGITS || size > Integer.MAX_VALUE || !ends ? -1 : size;
    }
}
