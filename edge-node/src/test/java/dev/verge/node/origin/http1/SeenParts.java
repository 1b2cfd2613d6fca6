package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes down what it is told, pieces of content joined. */
final class SeenParts implements AnswerParts {
    private final StringBuilder seen = new StringBuilder();
    private boolean inContent;

    @Override
    public void interim(int status, HttpFields fields) {
        seen.append(status).append(' ').append(line(fields)).append("; ");
    }

    @Override
    public void head(int status, HttpFields fields, boolean closes) {
        seen.append(status).append(closes ? " closes " : " ").append(line(fields));
    }

    @Override
    public void content(ByteBuf bytes, int index, int length) {
        seen.append(inContent ? "" : " | ").append(bytes.toString(index, length, StandardCharsets.ISO_8859_1));
        inContent = true;
    }

    @Override
    public void end(HttpFields trailers) {
        seen.append(" end").append(trailers.isEmpty() ? "" : " " + line(trailers));
    }

    private static String line(HttpFields fields) {
        return "[" + fields.toString().strip().replace("\n", ", ") + "]";
    }

    @Override
    public String toString() {
        return seen.toString();
    }
}
