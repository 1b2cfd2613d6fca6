package dev.verge.cache.serve;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text around the parts of a {@code multipart/byteranges} body (RFC 9110 §14.6), a byte a character. Its length depends on the
 * length of the boundary only.
 *
 * @param boundary 1 to 70 letters and digits that do not occur in the body: nobody else may be able to guess it
 * @param contentType of each part; null when the stored response has none
 * @param total length of the whole body
 */
public record Multipart(
        String boundary, List<ByteRange> ranges, @Nullable String contentType, long total) {

    /** The value of Content-Type. */
    public String type() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /** What stands before a part. */
    public String before(int part) {
        String type = contentType == null ? "" : "Content-Type: " + contentType + "\r\n";
        return (part == 0 ? "--" : "\r\n--") + boundary + "\r\n" + type + "Content-Range: "
                + ranges.get(part).contentRange(total) + "\r\n\r\n";
    }

    /** What stands after the last one. */
    public String end() {
        return "\r\n--" + boundary + "--\r\n";
    }

    /** Bytes of the whole multipart body. */
    public long length() {
        long sum = end().length();
        for (int i = 0; i < ranges.size(); i++) {
            sum += before(i).length() + ranges.get(i).length();
        }
        return sum;
    }
}
