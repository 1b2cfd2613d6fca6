package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;

/** Told of the parts of an answer, in order, while they are read. */
interface AnswerParts {

    /**
     * A head that others follow (RFC 9110 §15.2), or that of {@code 101 Switching Protocols}.
     *
     * @param fields every field as it came
     */
    void interim(int status, HttpFields fields);

    /**
     * The final head.
     *
     * @param fields every field as it came
     * @param closes whether the connection is of no use afterwards (RFC 9112 §9.3)
     */
    void head(int status, HttpFields fields, boolean closes);

    /** A piece of the content: {@code length} bytes from {@code index} on of what is being read. */
    void content(ByteBuf bytes, int index, int length);

    /** The answer is complete. */
    void end(HttpFields trailers);
}
