package dev.verge.cache.serve;

/**
 * Some bytes of a body.
 *
 * @param first offset of the first byte
 * @param length bytes, at least 1
 */
public record ByteRange(long first, long length) {
    public ByteRange {
        if (first < 0 || length < 1) {
            throw new IllegalArgumentException("first, length: a range has bytes; it is " + first + " + " + length);
        }
    }

    /** Offset of the last byte. */
    public long last() {
        return first + length - 1;
    }

    /** The value of Content-Range (RFC 9110 §14.4). */
    public String contentRange(long total) {
        return "bytes " + first + "-" + last() + "/" + total;
    }
}
