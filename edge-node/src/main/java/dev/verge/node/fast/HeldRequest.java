package dev.verge.node.fast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request with little content, held while what was read at once goes on. Owns what it holds until it is passed on or taken. */
final class HeldRequest {
    /** As much as is taken in as a whole anyway, before an origin is asked. */
    static final int LARGEST_BYTES = 64 << 10;

    private static final Set<HttpMethod> METHODS =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final HttpRequest request;
    private final PlainContent wish;
    private final List<HttpContent> content = new ArrayList<>(2);

    private HeldRequest(HttpRequest request, PlainContent wish) {
        this.request = request;
        this.wish = wish;
    }

    /** Whether its method may come with content, and its length is known and small. */
    static boolean mayBe(HttpRequest request) {
        if (!METHODS.contains(request.method())) {
            return false;
        }
        String length = request.headers().get("content-length");
        // One that the guard has let through is a number (RFC 9112 §6.3).
        return length != null && length.length() <= 5 && Integer.parseInt(length) <= LARGEST_BYTES;
    }

    /** Holds a request. */
    static HeldRequest of(HttpRequest request, PlainContent wish) {
        return new HeldRequest(request, wish);
    }

    PlainContent wish() {
        return wish;
    }

    /** Holds the next piece of its content; whether it was the last. */
    boolean add(HttpContent piece) {
        content.add(piece);
        return piece instanceof LastHttpContent;
    }

    /** Its content, if that has come as it should; null when it is to be passed on. */
    @Nullable
    Buffer whole() {
        int bytes = 0;
        for (HttpContent piece : content) {
            if (!piece.decoderResult().isSuccess()) {
                return null;
            }
            bytes += piece.content().readableBytes();
        }
        byte[] whole = new byte[bytes];
        int at = 0;
        for (HttpContent piece : content) {
            int length = piece.content().readableBytes();
            piece.content().getBytes(piece.content().readerIndex(), whole, at, length);
            at += length;
        }
        return Buffer.buffer(whole);
    }

    /** Lets everything go to the handlers behind. */
    void passOn(ChannelHandlerContext ctx) {
        ctx.fireChannelRead(request);
        content.forEach(ctx::fireChannelRead);
    }

    void release() {
        ReferenceCountUtil.release(request);
        content.forEach(ReferenceCountUtil::release);
    }
}
