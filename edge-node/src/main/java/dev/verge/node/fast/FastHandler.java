package dev.verge.node.fast;

import dev.verge.node.fast.FastPath.Ready;
import dev.verge.node.server.http1.HeadsAhead;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.plain.PlainExchange;
import dev.verge.node.server.plain.PlainWay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the decoder of a connection and writes what is ready past the rest of the pipeline. Everything that was read at once is
 * flushed at once. A plain request that has no answer ready, or that has a little content which was read with it, and that nothing follows yet, is
 * answered past the rest of the pipeline, too; until that is done, nothing else is read. A request with somebody still to be answered before it, or with a client that does not take what it was
 * sent, goes on to the server library, whose answers come after these in the order of the writes.
 */
final class FastHandler extends ChannelDuplexHandler implements HeadsAhead, PlainExchange.Connection {
    /** For a client that has to take what it was sent before its connection closes. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    private final FastPath path;
    private final FastConnection connection;
    private final Http1Guard guard;
    private List<Ready> written = new ArrayList<>();
    private boolean swallows;
    private boolean read;
    private int underWay;
    private @Nullable ChannelHandlerContext context;

    /** The head that is about to be read, where it is worth knowing it by its bytes. */
    private byte @Nullable [] unknown;

    private @Nullable ChannelPromise close;

    /** A request whose content has not all been read yet. */
    private @Nullable HeldRequest held;

    /** What is being answered past the rest of the pipeline. */
    private @Nullable PlainExchange exchange;

    /** Pieces of content tell the idle time-out that the client takes them. */
    private @Nullable ChannelFutureListener progress;

    FastHandler(FastPath path, FastConnection connection, Http1Guard guard) {
        this.path = path;
        this.connection = connection;
        this.guard = guard;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public boolean answersKnown(ByteBuf bytes) {
        ChannelHandlerContext ctx = context;
        SeenHeads heads = path.heads();
        unknown = null;
        if (ctx == null || close != null || !heads.look(bytes) || !takes(ctx)) {
            return false;
        }
        PlainWish wish = heads.find(connection.isSecure(), connection.isTrusted());
        if (wish == null) {
            unknown = heads.comesAgain();
            return false;
        }
        if (answers(ctx, wish)) {
            guard.readAhead();
            guard.answeredAhead();
            return true;
        }
        PlainWay way = path.behind();
        if (way == null) {
            return false;
        }
        guard.readAhead();
        begin(ctx, way, wish);
        return true;
    }

    @Override
    public boolean isBusy() {
        return exchange != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            swallows = answers(ctx, request);
            if (swallows) {
                ReferenceCountUtil.release(message);
                return;
            }
            if (holds(request)) {
                return;
            }
            guard.passed();
        } else if (swallows) {
            ReferenceCountUtil.release(message); // the end of a request without content
            return;
        } else if (held != null && message instanceof HttpContent content) {
            if (held.add(content)) {
                answerHeld(ctx, held);
            }
            return;
        }
        ctx.fireChannelRead(message);
    }

    private boolean holds(HttpRequest request) {
        if (!HeldRequest.mayBe(request) || !guard.mayAnswerAhead() || close != null || path.behind() == null) {
            return false;
        }
        PlainContent wish = PlainContent.of(request, connection.caller());
        held = wish == null ? null : HeldRequest.of(request, wish);
        return wish != null;
    }

    /** Its content is there. */
    private void answerHeld(ChannelHandlerContext ctx, HeldRequest whole) {
        PlainWay way = guard.isAlone() && close == null && takes(ctx) ? path.behind() : null;
        Buffer content = way == null ? null : whole.whole();
        if (way == null || content == null) {
            passOnHeld(ctx, whole);
            return;
        }
        held = null;
        whole.release();
        flushWritten(ctx);
        PlainContent wish = whole.wish();
        PlainExchange begun = new PlainExchange(way, ctx, guard, this, false, wish.fields());
        exchange = begun;
        read = true;
        begun.begin(path.request(wish, content, connection, begun::interim));
    }

    private void passOnHeld(ChannelHandlerContext ctx, HeldRequest request) {
        held = null;
        guard.passed();
        request.passOn(ctx);
    }

    private boolean answers(ChannelHandlerContext ctx, HttpRequest request) {
        if (!guard.mayAnswerAhead() || close != null || !takes(ctx)) {
            return false;
        }
        PlainWish wish = path.wish(request, connection);
        byte[] head = unknown;
        unknown = null;
        if (wish == null) {
            return false;
        }
        boolean ready = answers(ctx, wish);
        PlainWay way = ready || !guard.isAlone() ? null : path.behind();
        if (!ready && way == null) {
            return false;
        }
        if (head != null) {
            path.heads().keep(head, connection.isSecure(), connection.isTrusted(), wish);
        }
        if (way == null) {
            guard.answeredAhead();
        } else {
            begin(ctx, way, wish);
        }
        return true;
    }

    private void begin(ChannelHandlerContext ctx, PlainWay way, PlainWish wish) {
        flushWritten(ctx);
        PlainExchange begun = new PlainExchange(way, ctx, guard, this, wish.head(), wish.sent());
        exchange = begun;
        read = true;
        begun.begin(path.request(wish, connection, begun::interim));
    }

    @Override
    public void goesOn() {
        exchange = null;
        guard.answeredAhead();
        ChannelHandlerContext ctx = context;
        ChannelPromise closing = close;
        if (ctx != null && closing != null) {
            var _ = ctx.close(closing);
        } else {
            guard.goOn();
        }
    }

    @Override
    public void moved() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            idle(ctx, false);
        }
    }

    private boolean answers(ChannelHandlerContext ctx, PlainWish wish) {
        Ready ready = path.answer(wish, connection, ctx.alloc());
        if (ready == null) {
            return false;
        }
        var _ = ctx.write(ready.bytes(), ctx.voidPromise());
        for (ByteBuf piece : ready.content()) {
            var _ = ctx.write(piece, ctx.newPromise().addListener(progress(ctx)));
        }
        written.add(ready);
        return true;
    }

    /** Whether the client has room for more; it gets a chance to show it. */
    private boolean takes(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            flushWritten(ctx);
        }
        return ctx.channel().isWritable();
    }

    private ChannelFutureListener progress(ChannelHandlerContext ctx) {
        ChannelFutureListener known = progress;
        if (known == null) {
            known = done -> idle(ctx, false);
            progress = known;
        }
        return known;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (held != null) {
            passOnHeld(ctx, held); // the rest of its content is still to come
        }
        if (read || !written.isEmpty()) {
            read = false;
            idle(ctx, true);
            flushWritten(ctx);
        }
        ctx.fireChannelReadComplete();
    }

    private static void idle(ChannelHandlerContext ctx, boolean read) {
        IdleStateHandler idle = ctx.pipeline().get(IdleStateHandler.class);
        if (idle != null && read) {
            idle.resetReadTimeout();
        } else if (idle != null) {
            idle.resetWriteTimeout();
        }
    }

    /** Flushes, and records what has left; what has not is recorded once it has, or never will. */
    private void flushWritten(ChannelHandlerContext ctx) {
        if (written.isEmpty()) {
            return;
        }
        ctx.flush();
        List<Ready> sent = written;
        ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
        if (waiting == null || waiting.totalPendingWriteBytes() == 0) {
            record(sent, waiting != null);
            sent.clear();
            return;
        }
        written = new ArrayList<>();
        begin(sent.size());
        var _ = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            record(sent, done.isSuccess());
            end(ctx, sent.size());
        });
    }

    private void begin(int answers) {
        underWay += answers;
        path.active().addAndGet(answers);
        guard.sending(true);
    }

    private void end(ChannelHandlerContext ctx, int answers) {
        underWay -= answers;
        path.active().addAndGet(-answers);
        if (underWay == 0) {
            guard.sending(false);
            ChannelPromise closing = close;
            if (closing != null) {
                var _ = ctx.close(closing);
            }
        }
    }

    private static void record(List<Ready> answers, boolean sent) {
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).record(sent);
        }
    }

    /** Who ends the connection does not know of answers that are still being sent; asked twice, it is meant. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        flushWritten(ctx);
        if (!isAnswering() || close != null || !ctx.channel().isActive()) {
            var _ = ctx.close(promise);
        } else {
            close = promise;
            if (underWay > 0) { // what is not with its client yet; whatever is still being answered has limits.drain
                Runnable enough = () -> {
                    var _ = ctx.close(promise);
                };
                var _ = ctx.executor().schedule(enough, LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Out of service, what is being answered is still answered; else nobody closes who would not give it up, too. */
    private boolean isAnswering() {
        PlainExchange current = exchange;
        return underWay > 0 || (current != null && current.mayFinish());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        PlainExchange current = exchange;
        if (current != null && ctx.channel().isWritable()) {
            current.drained();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        record(written, false);
        written.clear();
        if (held != null) {
            held.release();
            held = null;
        }
        PlainExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
        ctx.fireChannelInactive();
    }
}
