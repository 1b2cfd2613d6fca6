package dev.verge.control.console;

import dev.verge.control.store.Hash;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the console, ready to be sent.
 *
 * @param type media type
 * @param body as it is
 * @param gzip the same, compressed
 * @param etag weak, since one stands for the plain and the compressed bytes
 */
record Asset(String type, Buffer body, Buffer gzip, String etag) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "ts", "text/plain; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    private static final int ETAG_DIGITS = 32;

    /** A file of a type that its name's ending tells. */
    static Asset of(String name, byte[] bytes) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException("the console has a file of no known type: " + name);
        }
        String etag = "W/\"" + Hash.of(bytes).substring(0, ETAG_DIGITS) + "\"";
        return new Asset(type, Buffer.buffer(bytes), Buffer.buffer(gzip(bytes)), etag);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
