package dev.verge.sync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Acks are read the short way, and nothing else is. */
class FramesTest {
    @Test
    void anAckComesBackAsItWas() {
        for (long revision : List.of(0L, 7L, 1_234_567L, 999_999_999_999_999_999L, Long.MAX_VALUE)) {
            String text = new Frame.Ack(revision).encode();
            assertThat(Frame.decode(text)).isEqualTo(new Frame.Ack(revision));
        }
        assertThat(Frames.plainAck(new Frame.Ack(12).encode())).isEqualTo(new Frame.Ack(12));
    }

    @Test
    void whatOnlyLooksLikeOneIsReadInFull() {
        assertThat(Frame.decode("{\"ack\": {\"revision\": 12}}")).isEqualTo(new Frame.Ack(12));
        for (String wrong : List.of("", "-1", "1.5", "01", "\"1\"", "1,\"x\":1", "99999999999999999999")) {
            assertThatThrownBy(() -> Frame.decode("{\"ack\":{\"revision\":" + wrong + "}}"))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aHeadThatAsksForNothingIsWhatOlderNodesKnow() {
        assertThat(new Frame.Head("h", 7, null).encode()).isEqualTo("{\"head\":{\"history\":\"h\",\"revision\":7}}");
        Frame.Head asks = new Frame.Head("h", 7, true);
        assertThat(Frame.decode(asks.encode())).isEqualTo(asks);
    }
}
