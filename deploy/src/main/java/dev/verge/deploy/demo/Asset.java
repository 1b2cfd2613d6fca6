package dev.verge.deploy.demo;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One file of the demo site, with everything its answers need computed once.
 *
 * @param contentType media type, with a charset for text
 * @param cacheControl what caches may do with it
 * @param lastModified whole seconds, as HTTP dates have no finer unit
 * @param plain the file as it is
 * @param gzip the file in gzip coding, where that is smaller; null where not
 */
record Asset(
        String contentType,
        String cacheControl,
        Instant lastModified,
        Representation plain,
        @Nullable Representation gzip) {
    /**
     * One coding of the file. The tag is strong: it names these very bytes (RFC 9110 §8.8.1), so each coding has its own.
     *
     * @param etag with its quotes
     */
    record Representation(Buffer body, String etag) {}

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("scss", "text/plain; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("md", "text/markdown; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("woff", "font/woff"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("eot", "application/vnd.ms-fontobject"));

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** Pages stay fresh for minutes and may be shown stale while an origin is away; the files they link to stay for a day. */
    private static final String PAGE_CACHING = "public, max-age=600, stale-while-revalidate=60, stale-if-error=86400";

    private static final String FILE_CACHING = "public, max-age=86400, stale-if-error=604800";

    static Asset of(String path, byte[] content, Instant modified) {
        String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String type = TYPES.getOrDefault(extension, "text/plain; charset=utf-8");
        String hash = sha256(content);
        boolean compressible = type.startsWith("text/")
                || type.contains("json")
                || type.contains("svg")
                || type.equals("font/ttf")
                || type.contains("fontobject");
        byte[] packed = compressible ? gzip(content) : content;
        return new Asset(
                type,
                extension.equals("html") ? PAGE_CACHING : FILE_CACHING,
                modified.truncatedTo(ChronoUnit.SECONDS),
                new Representation(Buffer.buffer(content), '"' + hash + '"'),
                packed.length < content.length
                        ? new Representation(Buffer.buffer(packed), '"' + hash + "-gzip\"")
                        : null);
    }

    String lastModifiedText() {
        return HTTP_DATE.format(lastModified);
    }

    private static String sha256(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 2 + 32);
        try (GZIPOutputStream stream = new GZIPOutputStream(packed)) {
            stream.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
