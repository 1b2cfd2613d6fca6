package dev.verge.sync.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Long messages to nodes as binary ones: their text deflated (RFC 1951), once for all nodes. WebSocket's own compression is switched off: it
 * would compress each message again for every node, and inflates what comes without a bound.
 */
public final class Packed {
    /** Shorter texts are sent as they are. */
    private static final int WORTH = 1_024;

    private static final int CHUNK = 16 << 10;

    private Packed() {}

    /** Whether a text is long enough to be packed. */
    public static boolean worth(String text) {
        return text.length() >= WORTH;
    }

    /** Packs a text. */
    public static byte[] pack(String text) {
        try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
            return packed.toByteArray();
        }
    }

    /**
     * Unpacks a message.
     *
     * @throws IllegalArgumentException when it is none, or longer than {@link Frame#MAX_BYTES}
     */
    public static String unpack(byte[] packed) {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(packed);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!inflater.finished()) {
                int length = inflater.inflate(chunk);
                if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new IllegalArgumentException("a packed message that ends too soon");
                }
                if (text.size() + length > Frame.MAX_BYTES) {
                    throw new IllegalArgumentException("a packed message of more than " + Frame.MAX_BYTES + " bytes");
                }
                text.write(chunk, 0, length);
            }
            return text.toString(StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("a packed message that is damaged", e);
        }
    }
}
