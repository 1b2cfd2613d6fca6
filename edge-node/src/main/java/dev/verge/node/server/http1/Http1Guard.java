package dev.verge.node.server.http1;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the socket (or TLS) and the codec of an HTTP/1 connection. Bytes that {@link Http1Reader} allows pass as they are; at
 * the first one that it does not allow nothing passes any more, and the refusal takes the place of the message: it is answered after
 * the responses that are still due, and the connection closes. A close waits until the client has read its answer (RFC 9112 §9.6).
 *
 * <p>On a clear-text port it is there from the first byte on, and leaves when the connection turns out to speak HTTP/2.
 */
public final class Http1Guard extends ChannelDuplexHandler implements Http1Reader.Messages {
    private static final AttributeKey<Http1Guard> OF_CONNECTION = AttributeKey.valueOf("verge.http1");
    private final Http1Limits limits;
    private final Consumer<Violation> refusals;
    private final BiFunction<Channel, Http1Guard, Optional<HeadsAhead>> ahead;
    private final Http1Reader reader;
    private final Http1Answers answers = new Http1Answers(this);
    private final Http1Upgrades upgrades = new Http1Upgrades();
    private final Timing timing = new Timing();
    private final HeldReads held = new HeldReads();

    private @Nullable ChannelHandlerContext context;
    private @Nullable LoopWatch watch;
    private @Nullable Violation refused;
    private int prefaceRead;
    private @Nullable IntFunction<ChannelHandler> http2;
    private boolean closing;
    private @Nullable TunnelEnd left;
    private final Turns turns = new Turns();
    private boolean sending;
    private @Nullable HeadsAhead inFront;
    private long since;

    /**
     * A guard for one connection.
     *
     * @param http2 makes the guard that takes over when the connection turns out to speak HTTP/2, from the number of bytes of the
     *     preface that it will see; null where that is decided already
     * @param refusals told of each refusal
     * @param ahead makes the handler that may answer requests right behind the decoder; it tells this guard of each request that it
     *     passes on ({@link #passed}) or answers ({@link #answeredAhead})
     */
    public Http1Guard(
            Http1Limits limits,
            @Nullable IntFunction<ChannelHandler> http2,
            Consumer<Violation> refusals,
            BiFunction<Channel, Http1Guard, Optional<HeadsAhead>> ahead) {
        this.limits = limits;
        this.http2 = http2;
        this.refusals = refusals;
        this.ahead = ahead;
        this.reader = new Http1Reader(limits.requestLineBytes(), limits.headerBytes(), limits.headerFields(), this);
    }

    /** The guard of a connection; null when it speaks HTTP/2. */
    public static @Nullable Http1Guard of(Channel channel) {
        return channel.attr(OF_CONNECTION).get();
    }

    /** Whether the connection closes after the response that comes next. */
    public boolean answersLast() {
        return turns.answered() + 1 >= limits.requests();
    }

    /** Why the content that is being read ended, or null. */
    public @Nullable Violation refused() {
        return refused;
    }

    /** The protocols that the request, whose turn it is to be answered, wants to go on with; null for none. No other is read then. */
    public @Nullable String upgrade() {
        return turns.answered() + 1 == turns.requests() ? reader.upgrade() : null;
    }

    /** What the connection is after {@link #leaveHttp}; there while {@link #upgrade} names protocols. */
    public @Nullable TunnelEnd tunnel() {
        return left;
    }

    /** The trailer fields of the request whose turn it is, once its content has ended; as they came. */
    public Supplier<HttpFields> trailers() {
        long number = turns.answered();
        return () -> upgrades.takeTrailers(number);
    }

    /** The head of {@code 101 Switching Protocols} has been written: from now on bytes pass unread. */
    public void leaveHttp() {
        if (context != null && left != null) {
            left.replace(context);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        since = System.nanoTime();
        ctx.channel().attr(OF_CONNECTION).set(this);
        watch = LoopWatch.of(ctx.channel().eventLoop());
        watch.add(timing);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        held.release();
        stopWatching();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        held.release();
        stopWatching();
        if (left != null) {
            left.close();
        }
        ctx.fireChannelInactive();
    }

    private void stopWatching() {
        if (watch != null) {
            watch.remove(timing);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
        } else if (refused != null || closing) {
            bytes.release();
        } else if (inFront != null && inFront.isBusy()) {
            held.add(ctx.channel(), bytes);
        } else if (left != null) {
            early(ctx, left, bytes);
        } else if (http2 != null) {
            detect(ctx, bytes, http2);
        } else {
            check(ctx, bytes);
        }
    }

    /** Finds out which protocol is spoken (RFC 9113 §3.3), byte for byte as the handler behind does. */
    private void detect(ChannelHandlerContext ctx, ByteBuf bytes, IntFunction<ChannelHandler> other) {
        int start = bytes.readerIndex();
        int same = Preface.goesOn(bytes, prefaceRead);
        if (same == bytes.readableBytes() || prefaceRead + same == Preface.BYTES.length) {
            prefaceRead += same;
            if (prefaceRead == Preface.BYTES.length) {
                ctx.channel().attr(OF_CONNECTION).set(null);
                ctx.pipeline().replace(this, "guard", other.apply(same));
            }
            ctx.fireChannelRead(bytes); // to the one that has taken this place, if so
            return;
        }
        http2 = null;
        int taken = reader.read(Preface.BYTES, 0, prefaceRead) < prefaceRead ? 0 : OrderlyBytes.count(reader, bytes);
        refused = reader.violation() != null && taken <= same ? reader.violation() : null;
        // The first byte that differs makes the server library set up its codec, without giving it a whole request yet.
        ctx.pipeline().addBefore("handler", "answers", answers);
        ByteBuf first = bytes.retainedSlice(start, same + 1);
        bytes.skipBytes(same + 1);
        ctx.fireChannelRead(first);
        ctx.pipeline().addAfter("httpEncoder", "upgrades", upgrades);
        ahead.apply(ctx.channel(), this).ifPresent(handler -> {
            ctx.pipeline().addAfter("httpDecoder", "ahead", handler);
            inFront = handler;
        });
        pass(ctx, bytes, Math.max(0, taken - same - 1));
    }

    private void check(ChannelHandlerContext ctx, ByteBuf bytes) {
        HeadsAhead handler = inFront;
        if (handler != null && reader.isAtStart() && mayAnswerAhead() && handler.answersKnown(bytes)) {
            bytes.release();
        } else {
            pass(ctx, bytes, OrderlyBytes.count(reader, bytes));
        }
    }

    /** A request that is known by its bytes has been read. */
    public void readAhead() {
        headRead();
        ended();
    }

    /** Whether all that was read is one request, and everybody before it has been answered. */
    public boolean isAlone() {
        return reader.isAtStart() && turns.requests() == turns.answered() + 1;
    }

    /** The handler in front is not busy any more: what was read meanwhile has its turn. */
    public void goOn() {
        HeadsAhead handler = inFront;
        ChannelHandlerContext ctx = context;
        if (handler != null && ctx != null) {
            held.goOn(ctx, this, handler::isBusy);
        }
    }

    /** The response that is about to be written says that the connection closes after it. */
    public void closesAfterThis() {
        turns.last();
    }

    private void pass(ChannelHandlerContext ctx, ByteBuf bytes, int length) {
        Violation violation = reader.violation();
        if (violation == null) {
            if (reader.hasLeft()) {
                TunnelEnd tunnel = new TunnelEnd();
                left = tunnel;
                if (length < bytes.readableBytes()) {
                    early(
                            ctx,
                            tunnel,
                            bytes.retainedSlice(bytes.readerIndex() + length, bytes.readableBytes() - length));
                    bytes.writerIndex(bytes.readerIndex() + length);
                }
            }
            ctx.fireChannelRead(bytes);
            return;
        }
        if (length > 0) {
            ctx.fireChannelRead(bytes.writerIndex(bytes.readerIndex() + length));
        } else {
            bytes.release();
        }
        refuse(violation);
    }

    /** Bytes behind a request that wants to leave HTTP wait until that is decided. */
    private static void early(ChannelHandlerContext ctx, TunnelEnd tunnel, ByteBuf bytes) {
        ctx.channel().config().setAutoRead(false);
        if (!tunnel.early(bytes)) {
            var _ = ctx.channel().close();
        }
    }

    private void refuse(Violation violation) {
        boolean inContent = reader.inContent();
        refused = violation;
        refusals.accept(violation);
        if (violation == Violation.NOT_HTTP && context != null) {
            var _ = context.close();
            return;
        }
        if (inContent) {
            // An empty piece of content: whoever reads it asks why, see refused().
            inject(new DefaultHttpContent(Unpooled.EMPTY_BUFFER));
        } else {
            DefaultHttpRequest unreadable = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            unreadable.setDecoderResult(DecoderResult.failure(new Refusal(violation)));
            inject(unreadable);
        }
    }

    private void inject(Object message) {
        answers.letPass(message);
        upgrades.inject(message);
    }

    @Override
    public void begun() {
        if (turns.requests() > 0) {
            since = System.nanoTime(); // the first head is timed from accepting on
        }
    }

    @Override
    public void headRead() {
        turns.read();
    }

    @Override
    public void ended() {
        since = System.nanoTime();
    }

    /** Whether the next request that leaves the decoder may be answered in front of the rest of the pipeline. */
    public boolean mayAnswerAhead() {
        return turns.mayGoAhead() && refused == null && !closing && left == null && !answersLast();
    }

    /** A request was left to the rest of the pipeline. */
    public void passed() {
        turns.passed();
    }

    /** A request was answered in front of the rest of the pipeline. */
    public void answeredAhead() {
        upgrades.passedBy();
        turns.answeredAhead();
        beginWaiting();
    }

    /** Whether answers that nothing else counts as being under way are still sent. */
    public void sending(boolean now) {
        sending = now;
        since = System.nanoTime();
    }

    /** Whether whole requests wait for their answers, and no other has begun. */
    public boolean owes() {
        return turns.areDue() && reader.betweenMessages();
    }

    Turns turns() {
        return turns;
    }

    /** A final response has been written to its end by the rest of the pipeline. */
    void answered() {
        turns.answeredBehind();
        beginWaiting();
    }

    private void beginWaiting() {
        if (reader.betweenMessages()) {
            since = System.nanoTime();
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        boolean unread = refused != null || !reader.betweenMessages() || !held.isEmpty();
        if (closing || !unread || !ctx.channel().isActive()) {
            var _ = ctx.close(promise);
        } else {
            closing = true;
            held.release();
            LingeringClose.begin(ctx, promise);
        }
    }

    /** Ends heads that take too long, and connections on which nobody asks anything any more. */
    private final class Timing extends Watched {
        @Override
        protected void look(long nanos) {
            ChannelHandlerContext ctx = context;
            if (refused != null || closing || left != null || ctx == null) {
                return;
            }
            boolean idle = reader.betweenMessages();
            boolean waitsForUs = reader.inContent()
                    || (turns.areDue() && idle)
                    || sending
                    || !ctx.channel().config().isAutoRead();
            Duration limit = idle && turns.requests() > 0 ? limits.keepAlive().get() : limits.headTime();
            if (waitsForUs || nanos - since < limit.toNanos()) {
                return;
            }
            if (idle) {
                var _ = ctx.channel().close();
            } else {
                refuse(Violation.HEAD_TIMEOUT);
                upgrades.endRead();
            }
        }
    }
}
