package dev.verge.node.server.http3;

import dev.verge.node.exchange.ClientTls;
import dev.verge.node.exchange.Priority;
import dev.verge.node.server.http3.Http3Doors.Settings;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import dev.verge.node.tls.QuicTls;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.HostPattern;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.collection.LongObjectHashMap;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: counted with those over TCP, bounded in time, frames, streams and resets, and told to go away in the two
 * steps of RFC 9114 §5.2.
 */
final class Http3Connection extends ChannelInboundHandlerAdapter {
    /** The largest id of a request (RFC 9114 §5.2): nothing that is sent is refused yet. */
    private static final long NO_LIMIT = (1L << 62) - 4;

    /** From one request's id to the next (RFC 9000 §2.1). */
    private static final int NEXT_ID = 4;

    /** RFC 9000 §20.1: CONNECTION_REFUSED. */
    private static final int REFUSED = 0x02;

    /** Frames at once that bring nobody anything, and in how long they come back; as over HTTP/2. */
    private static final int FRAMES = 1000;

    private static final Duration FRAMES_PERIOD = Duration.ofSeconds(10);
    private static final int FRAMES_PER_REQUEST = 10;

    /** Requests that may be taken back, in both directions together; as over HTTP/2. */
    private static final int RESETS = 200;

    private static final Duration RESETS_PERIOD = Duration.ofSeconds(30);

    /** The codec remembers each stream whose end it has not read for as long as the connection lives. */
    private static final int RESETS_IN_ALL = 1000;

    private final Settings settings;
    private final ContextInternal context;
    private final QuicChannel channel;
    private final InetAddress client;
    private final Consumer<Http3Connection> onEnd;
    private final Allowance frames;
    private final Allowance resets;
    private final LongObjectHashMap<Http3Exchange> open = new LongObjectHashMap<>();
    private final PriorityUpdates priorities;
    private final Look look = new Look();
    private final long begunNanos = System.nanoTime();
    private boolean counted;
    private boolean shaking;
    private boolean ending;
    private int resetSoFar;
    private long requests;
    private long nextId;
    private long lastRequestNanos = begunNanos;
    private long refusedFrom = Long.MAX_VALUE;
    private TlsTerms terms = TlsTerms.OWN;
    private @Nullable String serverName;
    private @Nullable ClientTls tls;

    /** @param onEnd told when it has closed, if it was let in */
    Http3Connection(Settings settings, ContextInternal context, QuicChannel channel, Consumer<Http3Connection> onEnd) {
        this.settings = settings;
        this.context = context;
        this.channel = channel;
        this.onEnd = onEnd;
        this.frames = new Allowance(FRAMES, FRAMES_PERIOD, begunNanos);
        this.resets = new Allowance(RESETS, RESETS_PERIOD, begunNanos);
        this.priorities = new PriorityUpdates(settings.limits().streamsPerConnection(), new Requests());
        // What the client is told by stays what it was when the connection was made: a path that it moves to later is
        // proven to
        // the transport, not to rules.
        this.client = channel.remoteSocketAddress() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** Whether it may stay. */
    boolean enter() {
        counted = settings.gate().enterQuic(channel, client);
        shaking = counted;
        if (counted) {
            settings.metrics().http3().opened();
            LoopWatch.of(channel.eventLoop()).add(look);
            var _ = channel.closeFuture().addListener(closed -> left());
        }
        return counted;
    }

    private void left() {
        LoopWatch.of(channel.eventLoop()).remove(look);
        shookHands(false);
        settings.metrics().http3().closed();
        onEnd.accept(this);
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        if (!counted) {
            var _ = channel.close(false, REFUSED, Unpooled.EMPTY_BUFFER);
        }
        ctx.fireChannelRegistered();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SniCompletionEvent named) {
            String written = named.hostname();
            serverName = written == null ? null : HostPattern.canonical(written);
            terms = QuicTls.offered();
        } else if (event instanceof SslHandshakeCompletionEvent end) {
            SSLEngine engine = channel.sslEngine();
            if (end.isSuccess() && engine != null) {
                tls = new ClientTls(engine.getSession(), serverName, terms, List.of());
            }
            shookHands(end.isSuccess());
        }
        ctx.fireUserEventTriggered(event);
    }

    private void shookHands(boolean done) {
        if (shaking) {
            shaking = false;
            settings.gate().shookHands(client, done);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
            stream.pipeline().addFirst(new FrameGuard(FrameHeads.Kind.UNIDIRECTIONAL, this));
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The codec has closed what it does not understand, and a client that goes away in the middle is no event.
    }

    /** Takes the price of frames that bring nobody anything. */
    @Nullable
    Http3ErrorCode pay(int price) {
        return frames.take(price, System.nanoTime()) ? null : Http3ErrorCode.H3_EXCESSIVE_LOAD;
    }

    /** A request was taken back, or had to be: rapid resets cost their connection. */
    void wasReset() {
        if (!resets.take(1, System.nanoTime())) {
            end(Http3ErrorCode.H3_EXCESSIVE_LOAD);
        } else if (++resetSoFar >= RESETS_IN_ALL) {
            refuseFurther();
        }
    }

    /**
     * A stream for a request has begun; answers whether it will be heard (RFC 9114 §5.2).
     *
     * <p>The transport counts a stream as over once its client has sent its end and wants no answer (STOP_SENDING), and lets it open
     * another; nobody is told of that before the answer is written. So what is still at work is counted here too.
     */
    boolean begins(long id, Http3Exchange exchange) {
        open.put(id, exchange);
        nextId = Math.max(nextId, id + NEXT_ID);
        lastRequestNanos = System.nanoTime();
        if (id >= refusedFrom || open.size() > settings.limits().streamsPerConnection()) {
            return false;
        }
        frames.give(FRAMES_PER_REQUEST);
        settings.metrics().http3().request();
        if (++requests >= settings.limits().requestsPerConnection()) {
            refuseFurther();
        }
        return true;
    }

    void streamEnded(long id) {
        open.remove(id);
        lastRequestNanos = System.nanoTime();
        endWhenIdle();
    }

    /** First of the two steps. */
    void goAway(Duration roundTrip) {
        sayGoodbye(NO_LIMIT);
        var _ = channel.eventLoop().schedule(this::refuseFurther, roundTrip.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Last of the two steps: what has begun is answered, then the connection ends. */
    void refuseFurther() {
        if (refusedFrom == Long.MAX_VALUE) {
            refusedFrom = nextId;
            sayGoodbye(nextId);
        }
        endWhenIdle();
    }

    private void sayGoodbye(long firstRefused) {
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null && refusedFrom >= firstRefused) {
            var _ = control.writeAndFlush(new DefaultHttp3GoAwayFrame(firstRefused));
        }
    }

    private void endWhenIdle() {
        if (refusedFrom != Long.MAX_VALUE && open.isEmpty()) {
            // Not before what was written last has left.
            channel.eventLoop().execute(() -> {
                if (open.isEmpty()) {
                    close(Http3ErrorCode.H3_NO_ERROR);
                }
            });
        }
    }

    /** Ends it for what the client did. */
    void end(Http3ErrorCode code) {
        if (!ending) {
            settings.metrics().http3().ended(code.name());
            close(code);
        }
    }

    void close(Http3ErrorCode code) {
        if (!ending) {
            ending = true;
            var _ = channel.close(true, code.code(), Unpooled.EMPTY_BUFFER);
        }
    }

    PriorityUpdates priorities() {
        return priorities;
    }

    Settings settings() {
        return settings;
    }

    ContextInternal context() {
        return context;
    }

    InetAddress client() {
        return client;
    }

    /** TLS of the connection; requests come after the handshake. */
    @Nullable
    ClientTls tls() {
        return tls;
    }

    /** The handshake has its time, and so has a connection without requests. */
    private final class Look extends Watched {
        @Override
        protected void look(long nanos) {
            if (shaking) {
                if (nanos - begunNanos > settings.limits().handshakeTimeout().toNanos()) {
                    close(Http3ErrorCode.H3_NO_ERROR);
                }
            } else if (open.isEmpty()
                    && nanos - lastRequestNanos > settings.limits().keepAlive().toNanos()) {
                refuseFurther();
            }
        }
    }

    private final class Requests implements PriorityUpdates.Requests {
        @Override
        public long nextId() {
            return nextId;
        }

        @Override
        public boolean asked(long stream, Priority priority) {
            Http3Exchange exchange = open.get(stream);
            if (exchange != null) {
                exchange.asked(priority);
            }
            return exchange != null;
        }
    }
}
