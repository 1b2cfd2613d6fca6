package dev.verge.node.compress;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is compressed, and what a head says when its content is. */
public final class Compressible {
    /** Content that is known to be shorter gains nothing. */
    public static final int MIN_BYTES = 1024;

    /** Besides {@code text/*} and what ends in {@code +json}, {@code +xml} or {@code +text}; formats that do not compress themselves. */
    private static final Set<String> TYPES = Set.of(
            "application/dash+xml",
            "application/ecmascript",
            "application/geo+json",
            "application/graphql",
            "application/javascript",
            "application/json",
            "application/json5",
            "application/ld+json",
            "application/manifest+json",
            "application/rtf",
            "application/toml",
            "application/vnd.apple.mpegurl",
            "application/vnd.ms-fontobject",
            "application/wasm",
            "application/x-font-ttf",
            "application/x-javascript",
            "application/x-ndjson",
            "application/x-sh",
            "application/x-yaml",
            "application/xml",
            "application/xml-dtd",
            "application/yaml",
            "font/collection",
            "font/otf",
            "font/sfnt",
            "font/ttf",
            "image/bmp",
            "image/svg+xml",
            "image/vnd.microsoft.icon",
            "image/x-icon",
            "image/x-ms-bmp",
            "model/gltf+json");

    private static final List<String> SUFFIXES = List.of("+json", "+xml", "+text");

    /** Each event is to arrive when it is sent, however small. */
    private static final String EVENTS = "text/event-stream";

    /** Speak of the bytes as the origin sent them (RFC 9530, RFC 9421); another coding would make them lie. */
    private static final Set<String> HOLDS_TO_BYTES =
            Set.of("content-digest", "repr-digest", "digest", "content-md5", "signature-input");

    /** Of the uncompressed bytes; ranges of what is compressed are not served. */
    private static final Set<String> GONE = Set.of("content-length", "accept-ranges");

    private Compressible() {}

    /**
     * Whether content like this is compressed for who likes it.
     *
     * @param length of the content in bytes; -1 when not known
     */
    public static boolean is(int status, HttpFields fields, long length) {
        return hasContent(status)
                && (length < 0 || length >= MIN_BYTES)
                && !fields.contains("content-encoding")
                && isType(fields.first("content-type"))
                && !forbidsTransform(fields)
                && !holdsToBytes(fields);
    }

    /** Partial content is described like the whole it comes from. */
    private static boolean hasContent(int status) {
        return status >= 200 && status != 204 && status != 205 && status != 304;
    }

    /** RFC 9111 §5.2.1.6 and §5.2.2.6, for requests and responses. */
    public static boolean forbidsTransform(HttpFields fields) {
        return forbidsTransform(fields.all("cache-control"));
    }

    /** The same for the lines of a {@code Cache-Control}. */
    public static boolean forbidsTransform(List<String> lines) {
        for (String line : lines) {
            for (String directive : FieldLists.split(line, ',')) {
                if (directive.equalsIgnoreCase("no-transform")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean holdsToBytes(HttpFields fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (HOLDS_TO_BYTES.contains(fields.name(i).toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isType(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int end = contentType.indexOf(';');
        String type = FieldLists.trim(end < 0 ? contentType : contentType.substring(0, end))
                .toLowerCase(Locale.ROOT);
        return !type.equals(EVENTS)
                && (type.startsWith("text/")
                        || TYPES.contains(type)
                        || SUFFIXES.stream().anyMatch(type::endsWith));
    }

    /** Says that another {@code Accept-Encoding} may bring another representation (RFC 9110 §12.5.5). */
    public static HttpFields varying(HttpFields fields) {
        for (String member : FieldLists.members(fields, "vary")) {
            if (member.equals("*") || member.equalsIgnoreCase("accept-encoding")) {
                return fields;
            }
        }
        @Nullable String others = fields.combined("vary");
        String all = others == null || others.isBlank() ? "Accept-Encoding" : others + ", Accept-Encoding";
        return fields.with("vary", all);
    }

    /**
     * The head of the same representation in a coding. Its entity tag is weak: bytes of two codings are never the same (RFC 9110
     * §8.8.1), while conditions that compare weakly go on to work here and at the origin.
     */
    public static HttpFields coded(HttpFields fields, Coding coding) {
        HttpFields.Builder coded = fields.without(name -> GONE.contains(name.toLowerCase(Locale.ROOT))).toBuilder()
                .set("content-encoding", coding.word());
        return weak(varying(coded.build()));
    }

    /** The same with a weak entity tag. */
    public static HttpFields weak(HttpFields fields) {
        @Nullable String tag = fields.first("etag");
        return tag == null || !FieldLists.trim(tag).startsWith("\"")
                ? fields
                : fields.with("etag", "W/" + FieldLists.trim(tag));
    }
}
