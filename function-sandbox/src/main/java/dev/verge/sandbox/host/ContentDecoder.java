package dev.verge.sandbox.host;

import java.io.Serial;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the content coding off a body (RFC 9110 §8.4.1) as a script reads it: one piece of output at a time, of at most
 * {@link Codec#PIECE_BYTES}, so that a little input that is a lot of output takes no more memory than who reads it. Owner thread only.
 */
final class ContentDecoder {
    /** That a context may have at once; one takes some 110 KiB, half of it outside the heap. */
    static final int MAX_OPEN = 256;

    /** How many a context has. */
    static final class Room {
        private int taken;
    }

    /** The content is not what its coding says. */
    static final class Damaged extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        Damaged(String message) {
            super(message);
        }
    }

    private final Codec codec;
    private final Room room;
    private boolean over;
    private boolean closed;

    private ContentDecoder(String coding, Room room) {
        this.codec = new Decompressor(coding.equals("deflate") ? "deflate" : "gzip", true);
        this.room = room;
        room.taken++;
    }

    /**
     * A decoder; null when the context has too many.
     *
     * @param coding {@code gzip}, {@code x-gzip} or {@code deflate}
     */
    static @Nullable ContentDecoder of(String coding, Room room) {
        return room.taken < MAX_OPEN ? new ContentDecoder(coding, room) : null;
    }

    /**
     * The next piece, or null when there is none yet, or none any more.
     *
     * @param input gives what arrived, null when nothing has
     * @param last whether nothing more will arrive than what it gave
     */
    byte @Nullable [] next(Supplier<byte @Nullable []> input, BooleanSupplier last) throws Damaged {
        while (!over && !closed) {
            switch (codec.pull(last.getAsBoolean())) {
                case Codec.Bytes given -> {
                    byte[] piece = new byte[given.content().remaining()];
                    given.content().get(piece);
                    return piece;
                }
                case Codec.Wrong wrong -> throw new Damaged(wrong.reason());
                case Codec.Wanting wanting -> {
                    byte[] more = input.get();
                    if (more != null) {
                        codec.feed(more);
                    } else if (last.getAsBoolean()) {
                        over = true;
                        close();
                    } else {
                        return null;
                    }
                }
            }
        }
        return null;
    }

    /** Whether all was given. */
    boolean isOver() {
        return over;
    }

    /** Frees it; without effect a second time. */
    void close() {
        if (!closed) {
            closed = true;
            room.taken--;
            codec.close();
        }
    }
}
