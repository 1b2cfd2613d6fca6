package dev.verge.node.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import com.aayushatharva.brotli4j.decoder.DirectDecompress;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** What a client makes of coded content. */
public final class Decoded {
    private Decoded() {}

    /**
     * The plain content.
     *
     * @param coding as {@code Content-Encoding} says; empty for none
     */
    public static byte[] of(String coding, byte[] content) {
        try {
            return whole(coding, content);
        } catch (IOException e) {
            throw new AssertionError(coding + " content cannot be read: " + e.getMessage(), e);
        }
    }

    /** As much as can be read of content that goes on. */
    public static byte[] begun(String coding, byte[] content) {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream plain = open(coding, new ByteArrayInputStream(content))) {
            for (int next = plain.read(); next >= 0; next = plain.read()) {
                read.write(next);
            }
        } catch (IOException cut) {
            return read.toByteArray();
        }
        return read.toByteArray();
    }

    static boolean isComplete(String coding, byte[] content) {
        try {
            whole(coding, content);
            return true;
        } catch (IOException cut) {
            return false;
        }
    }

    private static byte[] whole(String coding, byte[] content) throws IOException {
        if (coding.equals("br")) {
            // Its stream fails at the end of content that is very much longer than its coded form.
            Brotli4jLoader.ensureAvailability();
            DirectDecompress decoded = Decoder.decompress(content);
            if (decoded.getResultStatus() != DecoderJNI.Status.DONE) {
                throw new IOException("the content does not end: " + decoded.getResultStatus());
            }
            return decoded.getDecompressedData();
        }
        try (InputStream plain = open(coding, new ByteArrayInputStream(content))) {
            return plain.readAllBytes();
        }
    }

    private static InputStream open(String coding, InputStream content) throws IOException {
        Brotli4jLoader.ensureAvailability();
        return switch (coding) {
            case "br" -> {
                BrotliInputStream plain = new BrotliInputStream(content);
                plain.enableEagerOutput();
                yield plain;
            }
            case "zstd" -> new ZstdInputStream(content);
            case "gzip" -> new GZIPInputStream(content);
            case "" -> content;
            default -> throw new AssertionError("unknown coding " + coding);
        };
    }
}
