package dev.verge.node.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    /** A peer that takes nothing until it is told to. */
    private static final class Slow extends ChannelOutboundHandlerAdapter {
        private final Deque<ChannelPromise> waiting = new ArrayDeque<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            waiting.add(promise);
        }
    }

    @Test
    void whatAPeerHasNotTakenCountsUntilItDoesOrIsGone() {
        long before = HeldBytes.now();
        Slow peer = new Slow();
        TunnelEnd end = new TunnelEnd();
        EmbeddedChannel channel = new EmbeddedChannel(peer, end);
        end.write(Buffer.buffer(new byte[1000]));
        end.write(Buffer.buffer(new byte[500]));
        assertThat(HeldBytes.now()).isEqualTo(before + 1500);
        peer.waiting.remove().setSuccess();
        assertThat(HeldBytes.now()).isEqualTo(before + 500);
        peer.waiting.remove().setFailure(new IOException("gone"));
        assertThat(HeldBytes.now()).isEqualTo(before);
        var _ = channel.close();
        end.write(Buffer.buffer("too late"));
        assertThat(HeldBytes.now()).isEqualTo(before);
    }
}
