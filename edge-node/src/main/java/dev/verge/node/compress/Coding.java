package dev.verge.node.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A content coding that this node makes. The order is its own preference among what a client likes equally. */
public enum Coding {
    /** RFC 7932. */
    BR("br"),
    /** RFC 8878; the window stays far below the 8 MiB that RFC 9659 allows. */
    ZSTD("zstd"),
    /** RFC 1952. */
    GZIP("gzip"),
    /** None. */
    IDENTITY("identity");

    /** Fast enough for a first request to wait for; higher ones cost several times as much for a few per cent. */
    private static final int BROTLI_QUALITY = 5;

    private static final int ZSTD_LEVEL = 3;
    /** 512 KiB: what an encoder of a long stream holds follows from it. */
    private static final int WINDOW_BITS = 19;

    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    private static final List<Coding> AVAILABLE = available();

    private final String word;

    Coding(String word) {
        this.word = word;
    }

    /** As it stands in {@code Accept-Encoding} and {@code Content-Encoding}. */
    public String word() {
        return word;
    }

    /** The codings that can be made on this machine, in order of preference, without {@link #IDENTITY}. */
    public static List<Coding> makeable() {
        return AVAILABLE;
    }

    private static List<Coding> available() {
        List<Coding> found = new ArrayList<>();
        if (Brotli4jLoader.isAvailable()) {
            found.add(BR);
        }
        if (loadsZstd()) {
            found.add(ZSTD);
        }
        found.add(GZIP);
        return List.copyOf(found);
    }

    private static boolean loadsZstd() {
        try {
            Native.load();
            return true;
        } catch (LinkageError noLibrary) {
            return false;
        }
    }

    /** An encoder that writes to the sink. Its {@code flush} hands over all that was written; closing it frees its memory. */
    OutputStream encoder(OutputStream sink) throws IOException {
        return switch (this) {
            case BR ->
                new BrotliOutputStream(
                        sink,
                        new Encoder.Parameters().setQuality(BROTLI_QUALITY).setWindow(WINDOW_BITS));
            case ZSTD -> new ZstdOutputStreamNoFinalizer(sink, ZSTD_LEVEL).setWindowLog(WINDOW_BITS);
            case GZIP -> new GZIPOutputStream(sink, GZIP_BUFFER_BYTES, true);
            case IDENTITY -> throw new IllegalStateException("identity is not encoded");
        };
    }
}
