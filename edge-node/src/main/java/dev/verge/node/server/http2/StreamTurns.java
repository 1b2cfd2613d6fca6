package dev.verge.node.server.http2;

import dev.verge.node.exchange.Priority;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Gives what may be sent on one connection to its streams by {@link SendingOrder}. Used on its event loop alone. */
final class StreamTurns implements StreamByteDistributor {
    /** One turn where several wait: a frame of the size that every client takes (RFC 9113 §4.2). */
    private static final int TURN_BYTES = 16 << 10;

    private final Http2Connection.PropertyKey key;
    private final List<Turn> waiting = new ArrayList<>();
    private final Consumer<Turn> written;
    private final LongConsumer waits;
    private long turns;
    private long streamable;
    private long pending;
    private long sent;

    /**
     * The turns of a connection without streams.
     *
     * @param written told of each stream that has sent something
     * @param waits told how much waits in all streams together
     */
    StreamTurns(Http2Connection connection, Consumer<Turn> written, LongConsumer waits) {
        this.written = written;
        this.waits = waits;
        this.key = connection.newKey();
        begin(connection.connectionStream());
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamAdded(Http2Stream stream) {
                begin(stream);
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                of(stream).close();
            }
        });
    }

    private void begin(Http2Stream stream) {
        stream.setProperty(key, new Turn(stream));
    }

    Turn of(Http2Stream stream) {
        return stream.getProperty(key);
    }

    /** Bytes that wait in all streams together. */
    long pending() {
        return pending;
    }

    @Override
    public void updateStreamableBytes(StreamState state) {
        of(state.stream()).update(state);
    }

    /** The old scheme (RFC 7540 §5.3) is not followed. */
    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {}

    @Override
    public boolean distribute(int maxBytes, Writer writer) {
        sendEnds(writer);
        int left = maxBytes;
        boolean sent = false;
        while (left > 0 && !waiting.isEmpty()) {
            Turn next = SendingOrder.next(waiting);
            int most = waiting.size() == 1 ? left : Math.min(left, TURN_BYTES);
            int bytes = Math.min(most, next.streamable);
            next.send(bytes, writer);
            left -= bytes;
            sent |= bytes > 0;
        }
        return sent && streamable > 0;
    }

    /** What has no bytes (the end of a stream, trailers) takes nothing from anybody, and does not wait for a window. */
    private void sendEnds(Writer writer) {
        for (int i = waiting.size() - 1; i >= 0; i = Math.min(i, waiting.size()) - 1) {
            Turn turn = waiting.get(i);
            if (turn.streamable == 0) {
                turn.send(0, writer);
            }
        }
    }

    /** One stream's place among those that send. */
    final class Turn implements SendingOrder.Waiting {
        private final Http2Stream stream;
        private Priority asked = Priority.DEFAULT;
        private Priority priority = Priority.DEFAULT;
        private @Nullable String corrected;
        private @Nullable StreamState state;
        private int streamable;
        private long counted;
        private long lastTurn;
        private long sent;
        private boolean queued;
        private boolean sending;
        private boolean closed;
        private boolean writable;

        private Turn(Http2Stream stream) {
            this.stream = stream;
        }

        @Override
        public int stream() {
            return stream.id();
        }

        Http2Stream http2() {
            return stream;
        }

        @Override
        public Priority priority() {
            return priority;
        }

        @Override
        public long lastTurn() {
            return lastTurn;
        }

        /** What the client asks for; the newest counts. */
        void asked(Priority wish) {
            asked = wish;
            String correction = corrected;
            priority = correction == null ? wish : wish.changedBy(correction);
        }

        /** What the response's own field says, which counts more as far as it goes (RFC 9218 §8). */
        void corrected(String field) {
            corrected = field;
            priority = asked.changedBy(field);
        }

        /** Bytes that wait for their turn or a window. */
        long pendingBytes() {
            StreamState known = state;
            return known == null ? 0 : known.pendingBytes();
        }

        /**
         * A number that changes as long as the client takes what it gets: with each byte of the connection, as long as the stream's own
         * window leaves room, for others may be before it; else with each of its own.
         */
        long progress() {
            StreamState known = state;
            boolean shut = known != null && known.hasFrame() && known.windowSize() <= 0;
            return shut ? -1 - sent : StreamTurns.this.sent;
        }

        boolean isClosed() {
            return closed;
        }

        /** What was last said of it to who writes. */
        boolean isWritable() {
            return writable;
        }

        void writable(boolean now) {
            writable = now;
        }

        private void update(StreamState now) {
            state = now;
            long bytes = now.pendingBytes();
            pending += bytes - counted;
            counted = bytes;
            waits.accept(pending);
            int may = Http2CodecUtil.streamableBytes(now);
            StreamTurns.this.streamable += may - streamable;
            streamable = may;
            // An empty frame may be sent with a window of 0, but is tried only once until something changes.
            boolean ready = now.hasFrame() && (now.windowSize() > 0 || (now.windowSize() == 0 && !sending));
            if (ready && !closed) {
                join();
            } else if (!ready && queued) {
                leave();
            }
        }

        private void join() {
            if (!queued) {
                queued = true;
                waiting.add(this);
            }
        }

        private void leave() {
            queued = false;
            waiting.remove(this);
        }

        /** Who has more to send is queued again by {@link #update}, which hears of each byte that was written. */
        private void send(int bytes, Writer writer) {
            leave();
            lastTurn = ++turns;
            sent += bytes;
            StreamTurns.this.sent += bytes;
            sending = true;
            try {
                writer.write(stream, bytes);
            } finally {
                sending = false;
            }
            written.accept(this);
        }

        private void close() {
            closed = true;
            if (queued) {
                leave();
            }
            StreamTurns.this.streamable -= streamable;
            streamable = 0;
        }
    }
}
