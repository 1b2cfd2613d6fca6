package dev.verge.cache.store;

import dev.verge.cache.store.Slot.Place;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Index rows: id → queue, hash, epoch, where the head is, and the runs of blocks. */
final class RowCodec {
    private static final int FIXED_BYTES = 1 + Long.BYTES + Long.BYTES + Long.BYTES + Integer.BYTES;
    private static final int RUN_BYTES = 2 * Integer.BYTES;

    private RowCodec() {}

    static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    static byte[] encode(Slot slot, Place place, long epoch) {
        int[] runs = place.extents().runs();
        ByteBuffer row = ByteBuffer.allocate(FIXED_BYTES + runs.length * Integer.BYTES)
                .put((byte) (slot.inMain ? 1 : 0))
                .putLong(slot.hash)
                .putLong(epoch)
                .putLong(place.headAt())
                .putInt(place.headBytes());
        for (int number : runs) {
            row.putInt(number);
        }
        return row.array();
    }

    /** Null when the row makes no sense. */
    static @Nullable Slot decode(long id, ByteBuffer row) {
        int runBytes = row.remaining() - FIXED_BYTES;
        if (runBytes < RUN_BYTES || runBytes % RUN_BYTES != 0) {
            return null;
        }
        boolean inMain = row.get() == 1;
        long hash = row.getLong();
        long epoch = row.getLong();
        long headAt = row.getLong();
        int headBytes = row.getInt();
        int[] runs = new int[runBytes / Integer.BYTES];
        long blocks = 0;
        for (int i = 0; i < runs.length; i++) {
            runs[i] = row.getInt();
            blocks += i % 2 == 1 ? runs[i] : 0;
        }
        boolean within = headAt >= 0 && headBytes > 0 && headAt + headBytes <= blocks * DataFile.BLOCK_BYTES;
        return within ? new Slot(id, hash, epoch, inMain, new Place(new Extents(runs), headAt, headBytes)) : null;
    }
}
