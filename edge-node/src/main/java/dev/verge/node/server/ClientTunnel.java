package dev.verge.node.server;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ResponseSink.End;
import dev.verge.node.exchange.TunnelIdle;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Consumer;

/** The client's side of a tunnel over HTTP/1.1: writes {@code 101 Switching Protocols}, then what the origin sends, as it comes. */
final class ClientTunnel {
    private final TunnelEnd client;
    private final Body.Streamed origin;
    private final Consumer<End> told;
    private long sent;
    private boolean over;

    /** @param told how the tunnel ended, once, unless its client went away */
    private ClientTunnel(TunnelEnd client, Body.Streamed origin, Consumer<End> told) {
        this.client = client;
        this.origin = origin;
        this.told = told;
    }

    /**
     * Leaves HTTP.
     *
     * @param handler of the server library on the connection
     * @param fields of the response; {@code Upgrade} is one of them
     */
    static ClientTunnel begin(
            ChannelHandlerContext handler,
            Http1Guard guard,
            TunnelEnd client,
            HttpFields fields,
            Body.Streamed origin,
            Consumer<End> told) {
        HttpHeaders headers = new DefaultHttpHeaders();
        fields.without("content-length").forEach(headers::add);
        headers.set("connection", "Upgrade");
        // Whatever was to be answered before is written already: a request gets its turn when the one before is done.
        var _ = handler.writeAndFlush(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.SWITCHING_PROTOCOLS,
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE));
        ChannelPipeline pipeline = handler.pipeline();
        if (pipeline.get(SlowReader.class) != null) {
            pipeline.remove(SlowReader.class);
        }
        guard.leaveHttp();
        ClientTunnel tunnel = new ClientTunnel(client, origin, told);
        tunnel.pump();
        return tunnel;
    }

    private void pump() {
        client.onDone(() -> end(End.COMPLETE));
        client.onDrain(origin.stream()::resume);
        origin.stream().exceptionHandler(broken -> {
            end(broken instanceof TunnelIdle ? End.IDLE : End.BODY_BROKEN);
            client.close();
        });
        origin.stream().handler(bytes -> {
            sent += bytes.length();
            client.write(bytes);
            if (client.isFull()) {
                origin.stream().pause();
            }
        });
        origin.stream().endHandler(ended -> client.end());
        origin.stream().resume();
    }

    private void end(End how) {
        if (!over) {
            over = true;
            told.accept(how);
        }
    }

    long sent() {
        return sent;
    }

    long received() {
        return client.received();
    }
}
