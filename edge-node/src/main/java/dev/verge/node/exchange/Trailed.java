package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** A stream of content that fields may follow (RFC 9110 §6.5). */
public interface Trailed extends ReadStream<Buffer> {

    /** End-to-end trailer fields; complete once the stream has ended, empty before and without any. */
    HttpFields trailers();
}
