package dev.verge.node.server.http1;

import dev.verge.cache.http.HttpFields;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Part of {@link Http1Guard} right behind the codec: takes wishes for another protocol off requests, keeps their trailers, and puts refusals
 * in the place of messages.
 */
final class Http1Upgrades extends ChannelInboundHandlerAdapter {
    /** Of how many pipelined requests the trailers are kept: only of the one that is being read somebody may want them soon. */
    private static final int KEPT = 64;

    private final Map<Long, HttpFields> trailers = new HashMap<>();
    private @Nullable ChannelHandlerContext context;
    private long begun;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** A request was answered in front of this handler: it counts all the same. */
    void passedBy() {
        begun++;
    }

    void inject(Object message) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.fireChannelRead(message);
        }
    }

    /**
     * The trailer fields of a request, which are forgotten then, and with them those of earlier ones that nobody wanted.
     *
     * @param number of the request on its connection, from 0
     */
    HttpFields takeTrailers(long number) {
        if (trailers.isEmpty()) {
            return HttpFields.EMPTY;
        }
        HttpFields found = trailers.remove(number);
        trailers.keySet().removeIf(earlier -> earlier < number);
        return found == null ? HttpFields.EMPTY : found;
    }

    /** Ends a read that no socket began. */
    void endRead() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            begun++;
            if (!trailers.isEmpty()) {
                trailers.keySet().removeIf(earlier -> earlier < begun - KEPT);
            }
        }
        if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            HttpFields.Builder fields = HttpFields.builder();
            last.trailingHeaders().forEach(field -> fields.add(field.getKey(), field.getValue()));
            trailers.put(begun - 1, fields.build());
        }
        if (message instanceof HttpRequest request && request.headers().contains(HttpHeaderNames.UPGRADE)) {
            // RFC 9113 has dropped the upgrade to h2c, and a server may ignore any (RFC 9110 §7.8).
            request.headers().remove(HttpHeaderNames.UPGRADE);
        }
        ctx.fireChannelRead(message);
    }
}
