package dev.verge.node.server.http3;

import dev.verge.node.server.watch.LoopWatch.Watched;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.time.Duration;

/**
 * Finds out that a client which sent its whole request wants no answer any more (STOP_SENDING, RFC 9114 §4.1.1). The transport keeps that to
 * itself until something is written; so when nothing is for a while, an empty frame of a reserved type is, which every client ignores
 * (§7.2.8). Twice as late each time: who gives up is noticed before the node has worked for nobody longer than for somebody.
 */
final class StillWanted extends Watched {
    /** 0x1f * N + 0x21 (RFC 9114 §7.2.8). */
    private static final int RESERVED_TYPE = 0x1f + 0x21;

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final QuicStreamChannel stream;
    private final Runnable notWanted;
    private long quietSince = System.nanoTime();
    private long waitNanos = FIRST.toNanos();
    private int stuck;

    /** @param notWanted run once it is known, on the event loop; again if it goes on to be asked */
    StillWanted(QuicStreamChannel stream, Runnable notWanted) {
        this.stream = stream;
        this.notWanted = notWanted;
    }

    /** Something has been written, which tells as much. */
    void wrote() {
        quietSince = System.nanoTime();
        waitNanos = FIRST.toNanos();
    }

    @Override
    protected void look(long nanos) {
        if (!stream.isWritable()) {
            // What is full has no room. One with room that takes nothing is one that the transport has done with.
            stuck = stream.bytesBeforeUnwritable() > 0 ? stuck + 1 : 0;
            if (stuck > 1) {
                notWanted.run();
            }
        } else if (nanos - quietSince > waitNanos) {
            quietSince = nanos;
            waitNanos = Math.min(2 * waitNanos, LONGEST.toNanos());
            var _ = stream.writeAndFlush(new DefaultHttp3UnknownFrame(RESERVED_TYPE, Unpooled.EMPTY_BUFFER))
                    .addListener(written -> {
                        if (written.cause() instanceof ChannelOutputShutdownException) {
                            notWanted.run();
                        }
                    });
        }
    }
}
