package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** Adds trailer fields to a request in chunks to an HTTP/1 origin (RFC 9112 §7.1.2): the client library knows none. */
final class RequestTrailers extends ChannelOutboundHandlerAdapter {
    private @Nullable HttpFields next;

    /** For the request whose end is written next, and whose head has been. */
    void next(HttpFields fields) {
        next = fields;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        HttpFields fields = next;
        if (fields == null || !(message instanceof LastHttpContent last) || message instanceof HttpRequest) {
            var _ = context.write(message, promise);
            return;
        }
        next = null;
        DefaultLastHttpContent end = new DefaultLastHttpContent(last.content());
        fields.forEach(end.trailingHeaders()::add);
        var _ = context.write(end, promise);
    }
}
