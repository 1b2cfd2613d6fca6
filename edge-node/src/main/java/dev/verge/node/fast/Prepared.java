package dev.verge.node.fast;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Vary;
import dev.verge.node.pipeline.PlainHits.Answer;
import dev.verge.node.server.http2.StreamsAhead;
import dev.verge.node.wire.HeadWriter;
import dev.verge.node.wire.ResponseBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as bytes, good until its age changes. Owns its buffer, which is never written to again. */
final class Prepared {
    /** Up to this, content is copied behind its head once, so that an answer is one buffer. */
    private static final int ONE_BUFFER_BYTES = StreamsAhead.LARGEST_BYTES;

    private final Answer answer;
    private final List<StoredResponse> among;
    private final boolean sameForAll;
    private final long from;
    private final long until;
    private final ByteBuf bytes;
    private final int headBytes;
    private final boolean contentFollows;
    private @Nullable Http2Headers streamHead;

    private Prepared(
            Answer answer,
            List<StoredResponse> among,
            boolean ofOneCoding,
            ByteBuf bytes,
            int headBytes,
            boolean contentFollows) {
        this.answer = answer;
        this.among = among;
        this.sameForAll = among.stream().allMatch(each -> isSameForAll(each.vary(), ofOneCoding));
        this.from = answer.from().toEpochMilli();
        this.until = answer.until().toEpochMilli();
        this.bytes = bytes;
        this.headBytes = headBytes;
        this.contentFollows = contentFollows;
    }

    private static boolean isSameForAll(Vary vary, boolean ofOneCoding) {
        return !vary.never()
                && vary.names().stream().allMatch(name -> ofOneCoding && name.equalsIgnoreCase("accept-encoding"));
    }

    /**
     * Writes an answer.
     *
     * @param among what it was chosen from
     * @param ofOneCoding whether all who may get it accept the same
     * @param content its content, if it has any; read, not released
     */
    static Prepared of(
            Answer answer,
            List<StoredResponse> among,
            boolean ofOneCoding,
            List<ByteBuf> content,
            ByteBufAllocator allocator) {
        long length = answer.whole() ? answer.stored().bodyBytes() : -1;
        HeadWriter head = ResponseBytes.head(
                answer.response().status(),
                answer.response().fields(),
                answer.whole() ? length : ResponseBytes.NO_CONTENT,
                false);
        int headBytes = head.length();
        boolean one = length >= 0 && length <= ONE_BUFFER_BYTES;
        ByteBuf bytes = allocator.directBuffer(one ? headBytes + (int) length : headBytes);
        head.into(bytes);
        if (one) {
            content.forEach(piece -> bytes.writeBytes(piece, piece.readerIndex(), piece.readableBytes()));
        }
        return new Prepared(answer, among, ofOneCoding, bytes, headBytes, length > ONE_BUFFER_BYTES);
    }

    Answer answer() {
        return answer;
    }

    /** Whether every plain request for its target gets it while nothing else is stored there. */
    boolean sameForAll() {
        return sameForAll;
    }

    /** Whether the choice is still the same. */
    @SuppressWarnings("ReferenceEquality") // an entry of the cache never changes: another one has another list
    boolean isFrom(List<StoredResponse> stored) {
        return stored == among || (stored.size() == 1 && among.size() == 1 && stored.getFirst() == among.getFirst());
    }

    boolean isGoodAt(long epochMillis) {
        return epochMillis >= from && epochMillis < until;
    }

    /** Head, and content unless it follows, with a reference of its own. */
    ByteBuf bytes() {
        return bytes.retainedDuplicate();
    }

    /** How many of the bytes are the head of HTTP/1.1. */
    int headBytes() {
        return headBytes;
    }

    /** The same head for HTTP/2; nobody may change it. */
    Http2Headers streamHead() {
        Http2Headers known = streamHead;
        if (known == null) {
            known = StreamHead.of(
                    answer.response(), answer.whole() ? answer.stored().bodyBytes() : -1);
            streamHead = known;
        }
        return known;
    }

    /** Bytes of the buffer. */
    int size() {
        return bytes.readableBytes();
    }

    /** Whether the content of the stored response is to be sent behind the buffer. */
    boolean contentFollows() {
        return contentFollows;
    }

    /** Content bytes of the answer. */
    long contentBytes() {
        return answer.whole() ? answer.stored().bodyBytes() : 0;
    }

    void release() {
        bytes.release();
    }
}
