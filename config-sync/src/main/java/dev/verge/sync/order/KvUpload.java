package dev.verge.sync.order;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * A long value on its way into a namespace, piece by piece. Nothing is changed before {@link #finish}; who gives up leaves nothing behind.
 * Calls are carried out in their order. What fails once has failed for good.
 */
public interface KvUpload {
    /** Longest piece in bytes. */
    int MAX_PIECE_BYTES = 128 << 10;

    /** The same in base64. */
    int MAX_PIECE_CHARACTERS = (MAX_PIECE_BYTES + 2) / 3 * 4;

    /** Takes the next piece, 1 to {@link #MAX_PIECE_BYTES} bytes; completes when there is room for another. */
    Future<Void> add(Buffer piece);

    /** The value is complete; completes when the change stands in the log. */
    Future<Void> finish();

    /** The value will not be completed. Without effect after an end. */
    void giveUp();
}
