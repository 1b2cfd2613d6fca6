package dev.verge.node.server.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryTokensTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    private final AtomicBoolean busy = new AtomicBoolean(true);
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicLong seconds = new AtomicLong(1000);
    private final RetryTokens tokens = new RetryTokens(busy::get, told::incrementAndGet, seconds::get);

    private ByteBuf token() {
        ByteBuf out = Unpooled.buffer();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}), CLIENT))
                .isTrue();
        return out;
    }

    @Test
    void tokenIsGoodForItsAddressAndItsTime() {
        ByteBuf token = token();
        int at = tokens.validateToken(token.duplicate(), CLIENT);
        assertThat(token.slice(at, token.readableBytes() - at)).isEqualTo(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        assertThat(tokens.validateToken(
                        token.duplicate(), new InetSocketAddress(CLIENT.getAddress(), CLIENT.getPort() + 1)))
                .isNegative();
        seconds.addAndGet(11);
        assertThat(tokens.validateToken(token.duplicate(), CLIENT)).isNegative();
        seconds.addAndGet(-12);
        assertThat(tokens.validateToken(token.duplicate(), CLIENT)).isNegative();
    }

    @Test
    void noByteOfATokenCanBeChangedAndNothingElseIsOne() {
        ByteBuf token = token();
        for (int i = 0; i < token.readableBytes(); i++) {
            ByteBuf changed = token.copy();
            changed.setByte(i, changed.getByte(i) ^ 1);
            assertThat(tokens.validateToken(changed, CLIENT)).isNegative();
        }
        for (int length = 0; length < 70; length++) {
            assertThat(tokens.validateToken(Unpooled.buffer().writeZero(length), CLIENT))
                    .isNegative();
        }
    }

    @Test
    void nobodyIsSentAwayWhileThereIsTime() {
        busy.set(false);
        assertThat(tokens.writeToken(Unpooled.buffer(), Unpooled.EMPTY_BUFFER, CLIENT))
                .isFalse();
        assertThat(told).hasValue(0);
    }
}
