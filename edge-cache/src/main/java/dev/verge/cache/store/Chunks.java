package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * How a body is cut into chunks. The first may be smaller, for bodies of unknown length that turn out small.
 *
 * @param first bytes of the first chunk
 */
record Chunks(int first) {
    /** Each chunk is stored behind its checksum. */
    static final int CHECKSUM_BYTES = 4;
    /** Bytes of every other chunk on disk: large enough for sequential speed, small enough for constant memory, whole blocks. */
    static final int STORED_SIZE = 128 << 10;
    /** Bytes of the body in every other chunk. */
    static final int SIZE = STORED_SIZE - CHECKSUM_BYTES;

    private static final int FIRST_OF_UNKNOWN = (16 << 10) - CHECKSUM_BYTES;

    static Chunks forLength(long bodyBytes) {
        return new Chunks(bodyBytes < 0 ? FIRST_OF_UNKNOWN : SIZE);
    }

    int capacity(int index) {
        return index == 0 ? first : SIZE;
    }

    int index(long offset) {
        return offset < first ? 0 : Math.toIntExact(1 + (offset - first) / SIZE);
    }

    long start(int index) {
        return index == 0 ? 0 : first + (index - 1L) * SIZE;
    }

    /** Where a chunk with its checksum begins on disk, in bytes from the start of its entry. */
    long place(int index) {
        return index == 0 ? 0 : CHECKSUM_BYTES + first + (index - 1L) * STORED_SIZE;
    }

    int count(long bodyBytes) {
        return bodyBytes == 0 ? 0 : index(bodyBytes - 1) + 1;
    }

    int length(int index, long bodyBytes) {
        return (int) Math.min(capacity(index), bodyBytes - start(index));
    }

    /** CRC32C over the place of a chunk and its bytes, so that a chunk found in the wrong place is wrong too. */
    static int checksum(long id, int index, ByteBuf buffer, int offset, int length) {
        var crc = new CRC32C();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (id >>> shift) & 0xff);
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
            crc.update((index >>> shift) & 0xff);
        }
        crc.update(buffer.nioBuffer(offset, length));
        return (int) crc.getValue();
    }

    /** Puts the checksum in front of a chunk that has room for it there. */
    static void seal(long id, int index, ByteBuf chunk) {
        int length = chunk.writerIndex() - CHECKSUM_BYTES;
        chunk.setInt(0, checksum(id, index, chunk, CHECKSUM_BYTES, length));
    }
}
