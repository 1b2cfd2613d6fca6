package dev.verge.node.server.http2;

import dev.verge.node.server.http2.StreamTurns.Turn;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one client's connection, kept by the codec's own flow control, and shared out by urgency.
 *
 * <p>Each stream may have a little waiting, however short the connection's window or full its socket: only who waits here can be
 * chosen. (The codec's own rule lets nobody in while the window is used up, and then the oldest first.)
 */
final class PriorityFlow implements Http2RemoteFlowController {
    /** What each stream may have waiting; with the streams of a connection it bounds the memory that this costs. */
    private static final int WAITING_BYTES = 16 << 10;

    private final Http2Connection connection;
    private final StreamTurns turns;
    private final DefaultHttp2RemoteFlowController windows;
    private ChannelHandlerContext ctx;
    private boolean connectionWritable;
    private @Nullable Listener listener;

    private PriorityFlow(
            Http2Connection connection,
            ChannelHandlerContext ctx,
            @Nullable Listener listener,
            WaitingBytes.Share waiting) {
        this.connection = connection;
        this.ctx = ctx;
        this.listener = listener;
        this.turns = new StreamTurns(connection, this::look, waiting::is);
        this.windows = new DefaultHttp2RemoteFlowController(connection, turns);
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                Turn turn = turns.of(stream);
                turn.writable(mayWrite(turn));
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                lookAtAll(); // what it had waiting counts no longer
            }
        });
    }

    /**
     * Takes the place of a codec's flow control before the first stream.
     *
     * @param listener told when a stream may be written to, or may no longer
     * @param waiting told how much waits
     * @return null if it is too late for that
     */
    static @Nullable StreamTurns install(
            Http2ConnectionHandler codec, ChannelHandlerContext ctx, Listener listener, WaitingBytes.Share waiting)
            throws Http2Exception {
        Http2Connection connection = codec.connection();
        Http2RemoteFlowController former = codec.encoder().flowController();
        if (connection.numActiveStreams() > 0) {
            return null;
        }
        PriorityFlow flow = new PriorityFlow(connection, ctx, listener, waiting);
        Http2Stream whole = connection.connectionStream();
        flow.windows.initialWindowSize(former.initialWindowSize());
        flow.windows.incrementWindowSize(whole, former.windowSize(whole) - flow.windows.windowSize(whole));
        former.listener(null);
        connection.remote().flowController(flow);
        flow.channelHandlerContext(ctx);
        return flow.turns;
    }

    private boolean isConnectionWritable() {
        return windows.windowSize(connection.connectionStream()) > turns.pending()
                && ctx.channel().isWritable();
    }

    private boolean mayWrite(Turn turn) {
        long waits = turn.pendingBytes();
        return !turn.isClosed()
                && windows.windowSize(turn.http2()) > waits
                && (waits < WAITING_BYTES || isConnectionWritable());
    }

    private void look(Turn turn) {
        boolean now = mayWrite(turn);
        if (now != turn.isWritable()) {
            turn.writable(now);
            Listener told = listener;
            if (told != null) {
                told.writabilityChanged(turn.http2());
            }
        }
    }

    /** After something that may concern the others too. */
    private void lookBeyond(Turn turn) {
        if (connectionWritable != isConnectionWritable()) {
            lookAtAll();
        } else {
            look(turn);
        }
    }

    /** The most urgent first, as the first to hear of room may take it all. */
    private void lookAtAll() {
        connectionWritable = isConnectionWritable();
        List<Turn> changed = new ArrayList<>();
        try {
            connection.forEachActiveStream(stream -> {
                Turn turn = turns.of(stream);
                if (mayWrite(turn) != turn.isWritable()) {
                    changed.add(turn);
                }
                return true;
            });
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible); // nothing above throws it
        }
        changed.sort(Comparator.comparingInt((Turn turn) -> turn.priority().urgency())
                .thenComparingInt(Turn::stream));
        changed.forEach(this::look);
    }

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
        ctx = context;
        windows.channelHandlerContext(context);
        lookAtAll();
    }

    @Override
    public void initialWindowSize(int bytes) throws Http2Exception {
        windows.initialWindowSize(bytes);
        lookAtAll();
    }

    @Override
    public int initialWindowSize() {
        return windows.initialWindowSize();
    }

    @Override
    public int windowSize(Http2Stream stream) {
        return windows.windowSize(stream);
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
        windows.incrementWindowSize(stream, delta);
        lookBeyond(turns.of(stream));
    }

    @Override
    public ChannelHandlerContext channelHandlerContext() {
        return ctx;
    }

    @Override
    public void addFlowControlled(Http2Stream stream, FlowControlled frame) {
        windows.addFlowControlled(stream, frame);
        lookBeyond(turns.of(stream));
    }

    @Override
    public boolean hasFlowControlled(Http2Stream stream) {
        return windows.hasFlowControlled(stream);
    }

    @Override
    public void writePendingBytes() throws Http2Exception {
        windows.writePendingBytes();
    }

    @Override
    public void listener(@Nullable Listener next) {
        listener = next;
    }

    @Override
    public boolean isWritable(Http2Stream stream) {
        return turns.of(stream).isWritable();
    }

    @Override
    public void channelWritabilityChanged() throws Http2Exception {
        windows.channelWritabilityChanged();
        if (connectionWritable != isConnectionWritable()) {
            lookAtAll();
        }
    }

    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {}
}
