package dev.verge.node;

import dev.verge.cache.http.HttpFields;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/3 over real UDP, by Netty's own client, with a hand on each frame. */
final class Http3Client implements AutoCloseable {
    /** SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 9220 §5). */
    private static final long ENABLE_CONNECT_PROTOCOL = 8;

    /** Bytes that the node may send on one stream before some of them are read: more than tests let wait, so that only the whole connection's window decides whose turn it is. */
    private static final int STREAM_WINDOW = 1 << 19;

    /** What the system keeps for a client that is slow to read: enough for all that its windows allow, since what it drops comes again late and out of its turn. */
    private static final int SOCKET_BYTES = 2 << 20;

    /** Whether the node's settings have come and allow extended CONNECT. */
    volatile boolean tunnels;

    /** Ids of GOAWAY frames that came. */
    final List<Long> goAways = new CopyOnWriteArrayList<>();

    /** Error code with which the node closed the connection. */
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final Channel socket;
    final QuicChannel connection;

    /** What came back; {@code whole} only if it ended as it should. */
    record Answer(
            int status, HttpFields fields, Buffer content, HttpFields trailers, List<Integer> interim, boolean whole) {
        String text() {
            return content.toString(StandardCharsets.UTF_8);
        }
    }

    Http3Client(int port, String host) {
        this(port, host, 1 << 20);
    }

    /** @param window bytes that the node may send on all streams together before some of them are read */
    Http3Client(int port, String host, int window) {
        this(port, host, window, tls(InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0]));
    }

    /** What connections are made with, and what remembers their sessions. */
    static QuicSslContext tls(TrustManager trust) {
        return QuicSslContextBuilder.forClient()
                .trustManager(trust)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(Http3.supportedApplicationProtocols())
                .build();
    }

    /** One of several connections that share what {@code tls} remembers. */
    Http3Client(int port, String host, int window, QuicSslContext tls) {
        try {
            socket = new Bootstrap()
                    .group(loop)
                    .channel(NioDatagramChannel.class)
                    .option(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
                    .handler(Http3.newQuicClientCodecBuilder()
                            .sslEngineProvider(each -> tls.newEngine(each.alloc(), host, 443))
                            .maxIdleTimeout(60, TimeUnit.SECONDS)
                            .initialMaxData(window)
                            .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
                            .initialMaxStreamDataUnidirectional(1 << 16)
                            .initialMaxStreamsUnidirectional(8)
                            .build())
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            connection = QuicChannel.newBootstrap(socket)
                    .handler(new Watching())
                    .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .connect()
                    .get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IllegalStateException("no connection over QUIC: " + e, e);
        }
    }

    private final class Watching extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(new Http3ClientConnectionHandler(new Control(), null, null, null, true));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                closed.complete(close.error());
            }
            ctx.fireUserEventTriggered(event);
        }
    }

    private final class Control extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http3SettingsFrame settings) {
                tunnels = Long.valueOf(1).equals(settings.settings().get(ENABLE_CONNECT_PROTOCOL));
            } else if (message instanceof Http3GoAwayFrame goAway) {
                goAways.add(goAway.id());
            }
            ReferenceCountUtil.release(message);
        }
    }

    /** Subject of the certificate that was shown. */
    String shown() {
        try {
            X509Certificate leaf = (X509Certificate)
                    Objects.requireNonNull(connection.sslEngine()).getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    /** The head of a request with all it needs. */
    static Http3Headers head(String method, String authority, String path) {
        return new DefaultHttp3Headers(false)
                .method(method)
                .scheme("https")
                .authority(authority)
                .path(path);
    }

    Answer get(String authority, String path, String... fields) {
        Http3Headers head = head("GET", authority, path);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        return send(head).answer();
    }

    /** Sends a request without content. */
    Request send(Http3Headers head) {
        return begin(head).end();
    }

    /** Begins a request; content may follow. */
    Request begin(Http3Headers head) {
        Request request = open();
        request.write(head);
        return request;
    }

    Request open() {
        return open(false);
    }

    /** @param held whether nothing of the answer is read before {@link Request#releaseWith} */
    Request open(boolean held) {
        Request request = new Request(held);
        request.opened = done(Http3.newRequestStream(connection, request));
        return request;
    }

    /** Bytes that have come in packets, read or not. */
    long received() {
        return done(connection.collectStats()).recvBytes();
    }

    /** Sends bytes on the control stream, behind the settings. */
    void control(ByteBuf bytes) {
        Installation.until("the control stream", () -> Http3.getLocalControlStream(connection) != null);
        QuicStreamChannel control = Objects.requireNonNull(Http3.getLocalControlStream(connection));
        control.eventLoop().execute(() -> {
            var _ = control.pipeline().firstContext().writeAndFlush(bytes);
        });
    }

    /** A stream of one direction, for what no client sends. */
    QuicStreamChannel unidirectional() {
        return done(connection.createStream(QuicStreamType.UNIDIRECTIONAL, new ChannelInboundHandlerAdapter()));
    }

    static <T> T done(Future<T> future) {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("waited in vain: " + e, e);
        }
    }

    @Override
    public void close() {
        var _ = connection.close(true, 0x100, Unpooled.EMPTY_BUFFER);
        var _ = socket.close().awaitUninterruptibly();
        var _ = loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** A request, and what comes back. */
    static final class Request extends Http3RequestStreamInboundHandler {
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final boolean held;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        final List<Integer> interim = new CopyOnWriteArrayList<>();
        private volatile int status;
        private HttpFields fields = HttpFields.EMPTY;
        private HttpFields trailers = HttpFields.EMPTY;
        private @Nullable QuicStreamChannel opened;
        private @Nullable ChannelFuture last;

        Request(boolean held) {
            this.held = held;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (held) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        /** Reads this answer and that one from the same moment on. */
        void releaseWith(Request other) {
            stream().eventLoop().execute(() -> {
                var _ = stream().config().setAutoRead(true);
                var _ = other.stream().config().setAutoRead(true);
            });
        }

        /** Content so far. */
        String so() {
            return content.toString(StandardCharsets.UTF_8);
        }

        int status() {
            return status;
        }

        /** Bytes of content so far; asked on the loop of the connection. */
        int bytes() {
            return content.size();
        }

        long id() {
            return stream().streamId();
        }

        /** Wants no answer, and says nothing else (STOP_SENDING). */
        void stopAnswer() {
            var _ = stream().shutdownInput(0x10c);
        }

        private QuicStreamChannel stream() {
            return Objects.requireNonNull(opened);
        }

        Request write(Http3Headers head) {
            last = stream().writeAndFlush(new DefaultHttp3HeadersFrame(head));
            return this;
        }

        ChannelFuture write(byte[] bytes) {
            ChannelFuture written = stream().writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(bytes)));
            last = written;
            return written;
        }

        Request end() {
            // The end of a stream overtakes what still waits to be written.
            ChannelFuture written = last;
            if (written == null) {
                var _ = stream().shutdownOutput();
            } else {
                var _ = written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
            return this;
        }

        /** Bytes past the codec. */
        void raw(ByteBuf bytes) {
            stream().eventLoop().execute(() -> {
                ChannelHandlerContext first = stream().pipeline().firstContext();
                var _ = first.writeAndFlush(bytes);
            });
        }

        /** Takes the request back, and wants no answer (RESET_STREAM, STOP_SENDING). */
        void reset() {
            var _ = stream().shutdown(0x10c);
        }

        Answer answer() {
            try {
                return answer.get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("no answer: " + e, e);
            }
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            HttpFields.Builder built = HttpFields.builder();
            frame.headers()
                    .forEach(each ->
                            built.add(each.getKey().toString(), each.getValue().toString()));
            CharSequence code = frame.headers().status();
            if (code == null) {
                trailers = built.build();
            } else if (code.charAt(0) == '1') {
                interim.add(Integer.parseInt(code.toString()));
            } else {
                fields = built.build();
                status = Integer.parseInt(code.toString());
            }
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            content.writeBytes(ByteBufUtil.getBytes(frame.content()));
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            ended(status != 0);
        }

        @Override
        protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
            ended(false);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended(false);
            ctx.fireChannelInactive();
        }

        private void ended(boolean whole) {
            answer.complete(new Answer(
                    status, fields, Buffer.buffer(content.toByteArray()), trailers, List.copyOf(interim), whole));
        }

        @Override
        public boolean isSharable() {
            return false;
        }
    }
}
