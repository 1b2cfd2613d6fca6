package dev.verge.sandbox.host;

import java.nio.ByteBuffer;

/** A state of compression or decompression. It holds at most what it was fed last. */
interface Codec extends AutoCloseable {
    /** What one pull gives at most: a small input may become a large output, which its reader asks for piece by piece. */
    int PIECE_BYTES = 64 << 10;

    /** What came of a pull. */
    sealed interface Pulled {}

    /** Output; it is good until the next pull. */
    record Bytes(ByteBuffer content) implements Pulled {
        static Bytes of(byte[] bytes, int length) {
            return new Bytes(ByteBuffer.wrap(bytes, 0, length).slice());
        }
    }

    /** Nothing without more input, or nothing at all any more. */
    record Wanting() implements Pulled {}

    /** The input is not what it should be. */
    record Wrong(String reason) implements Pulled {}

    Wanting WANTING = new Wanting();

    /** Gives input; only after a pull has said that it wants more. */
    void feed(byte[] input);

    /** Takes output; {@code last} says that no input follows. */
    Pulled pull(boolean last);

    @Override
    void close();
}
