package dev.verge.node;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An origin over HTTP/2 in the clear that answers each request with what it got: content, {@code |}, and trailers by name. */
final class Http2Origin implements AutoCloseable {
    private static final long MOST_FIELDS = 64 << 10;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;

    Http2Origin() {
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .initialSettings(new Http2Settings().maxHeaderListSize(MOST_FIELDS))
                                                .build(),
                                        new Http2MultiplexHandler(new EachStream()));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @ChannelHandler.Sharable
    private static final class EachStream extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline().addLast(new Echo());
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final StringBuilder got = new StringBuilder();
        private boolean begun;

        private static void begin(ChannelHandlerContext ctx, String status) {
            Http2Headers head = new DefaultHttp2Headers().status(status).add("cache-control", "no-store");
            var _ = ctx.write(new DefaultHttp2HeadersFrame(head));
        }

        private static void send(ChannelHandlerContext ctx, String text, boolean last) {
            var _ = ctx.writeAndFlush(new DefaultHttp2DataFrame(
                    Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)), last));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean last = false;
            if (message instanceof Http2HeadersFrame headers) {
                if (begun) {
                    got.append('|');
                    headers.headers()
                            .forEach(field -> got.append(field.getKey())
                                    .append('=')
                                    .append(field.getValue())
                                    .append(';'));
                }
                begun = true;
                last = headers.isEndStream();
            } else if (message instanceof Http2DataFrame data) {
                got.append(data.content().toString(StandardCharsets.ISO_8859_1));
                last = data.isEndStream();
            }
            ReferenceCountUtil.release(message);
            if (last) {
                begin(ctx, "200");
                send(ctx, got.toString(), true);
            }
        }
    }

    @Override
    public void close() {
        var _ = server.close().syncUninterruptibly();
        var _ = loop.shutdownGracefully();
    }
}
