package dev.verge.sandbox.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses as {@code deflate} (RFC 1950), {@code deflate-raw} (RFC 1951) or {@code gzip} (RFC 1952). */
final class Compressor implements Codec {
    /** No name, no time, an unknown system. */
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private final Deflater deflater;
    private final boolean gzip;
    private final CRC32 sum = new CRC32();
    private boolean begun;
    private boolean ended;

    Compressor(String format) {
        gzip = format.equals("gzip");
        deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, !format.equals("deflate"));
    }

    @Override
    public void feed(byte[] input) {
        deflater.setInput(input);
        if (gzip) {
            sum.update(input);
        }
    }

    @Override
    public Pulled pull(boolean last) {
        if (gzip && !begun) {
            begun = true;
            return Bytes.of(GZIP_HEADER.clone(), GZIP_HEADER.length);
        }
        if (ended) {
            return WANTING;
        }
        if (last) {
            deflater.finish();
        }
        byte[] output = new byte[PIECE_BYTES];
        int length = deflater.deflate(output);
        if (length > 0) {
            return Bytes.of(output, length);
        }
        if (!deflater.finished()) {
            return WANTING;
        }
        ended = true;
        return gzip ? new Bytes(trailer()) : WANTING;
    }

    private ByteBuffer trailer() {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) sum.getValue())
                .putInt((int) deflater.getBytesRead())
                .flip();
    }

    @Override
    public void close() {
        deflater.end();
    }
}
