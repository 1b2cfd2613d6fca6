package dev.verge.node.server.http3;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.ContentRefused;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TrailerFields;
import dev.verge.node.server.DataRate;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request's content, bounded. What has been read and is not wanted yet is no more than one read of the stream: the next one is asked
 * for when it is gone, and until then the client has no window to send more.
 */
final class Http3Body implements Trailed {
    /** What content is. */
    enum Kind {
        /** A message, which should come without long pauses. */
        MESSAGE,
        /** Messages that come when there is something to say. */
        STREAM,
        /** Another protocol, which may also be long. */
        TUNNEL
    }

    private final Runnable read;
    private final Runnable abandon;
    private final Runnable wantedFirst;
    private final long maxBytes;
    private final LoopWatch watch;
    private final Pace pace;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private HttpFields trailers = HttpFields.EMPTY;
    private boolean asked;
    private boolean begun;
    private boolean delivering;
    private boolean arrived;
    private boolean over;
    private long demand;
    private long bytes;
    private @Nullable Handler<Buffer> onContent;
    private @Nullable Handler<Void> onEnd;
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Throwable failure;

    /**
     * Content of which nobody wants anything yet.
     *
     * @param read asks the stream for more, once
     * @param abandon tells the client that nobody reads the rest
     * @param wantedFirst run when somebody wants it for the first time
     * @param kind how it should come
     */
    Http3Body(Limits limits, LoopWatch watch, Kind kind, Runnable read, Runnable abandon, Runnable wantedFirst) {
        this.read = read;
        this.abandon = abandon;
        this.wantedFirst = wantedFirst;
        this.maxBytes = kind == Kind.TUNNEL ? Long.MAX_VALUE : limits.bodyBytes();
        this.watch = watch;
        this.pace = new Pace(new DataRate(limits.minBodyBytesPerSecond(), limits.dataGrace()));
        if (kind == Kind.MESSAGE && limits.minBodyBytesPerSecond() > 0) {
            watch.add(pace);
        }
    }

    /** Content has arrived; the buffer stays the caller's. */
    void take(ByteBuf content) {
        asked = false;
        if (over || !content.isReadable()) {
            return;
        }
        bytes += content.readableBytes();
        if (bytes > maxBytes) {
            fail(new ContentTooLarge());
            abandon.run();
            return;
        }
        waiting.add(Buffer.buffer(ByteBufUtil.getBytes(content)));
        deliver();
    }

    /** All that one read brought has arrived. */
    void readComplete() {
        asked = false;
        deliver();
    }

    void end(HttpFields fields) {
        trailers = fields;
        arrived = true;
        deliver();
    }

    /** Nothing more comes, and what came was not all. */
    void fail(Throwable cause) {
        if (!over) {
            over();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
        }
    }

    /** Nobody wants the rest. */
    void giveUp() {
        if (!over) {
            over();
            abandon.run();
        }
    }

    /** Bytes that have come. */
    long received() {
        return bytes;
    }

    boolean isOver() {
        return over;
    }

    private void over() {
        over = true;
        waiting.clear();
        watch.remove(pace);
    }

    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!over && demand > 0 && !waiting.isEmpty()) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                Handler<Buffer> handler = onContent;
                Buffer next = waiting.remove();
                if (handler != null) {
                    handler.handle(next);
                }
            }
        } finally {
            delivering = false;
        }
        if (over || demand == 0) {
            return;
        }
        if (arrived) {
            over();
            Handler<Void> handler = onEnd;
            if (handler != null) {
                handler.handle(null);
            }
        } else if (!asked) {
            asked = true;
            read.run();
        }
    }

    @Override
    public HttpFields trailers() {
        return TrailerFields.passed(trailers);
    }

    @Override
    public Http3Body exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            handler.handle(early);
        }
        return this;
    }

    @Override
    public Http3Body handler(@Nullable Handler<Buffer> handler) {
        onContent = handler;
        return this;
    }

    @Override
    public Http3Body endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public Http3Body pause() {
        demand = 0;
        return this;
    }

    @Override
    public Http3Body resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Http3Body fetch(long amount) {
        if (amount > 0) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
            if (!begun) {
                begun = true;
                wantedFirst.run();
            }
            deliver();
        }
        return this;
    }

    /** Ends content that is waited for and hardly comes. */
    private final class Pace extends Watched {
        private final DataRate rate;

        Pace(DataRate rate) {
            this.rate = rate;
        }

        @Override
        protected void look(long nanos) {
            if (rate.isTooSlow(nanos, demand > 0, bytes)) {
                fail(new ContentRefused(EdgeError.Refused.REQUEST_TIMEOUT));
            }
        }
    }
}
