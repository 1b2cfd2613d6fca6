package dev.verge.sync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Messages that are packed come back as they were, and a bomb stays small. */
class PackedTest {
    @Test
    void packedTextComesBack() {
        String text = "{\"commit\": \"häuser\"}".repeat(500);
        byte[] packed = Packed.pack(text);
        assertThat(packed.length).isLessThan(text.length() / 20);
        assertThat(Packed.unpack(packed)).isEqualTo(text);
    }

    @Test
    void whatInflatesBeyondAMessageIsRefused() {
        byte[] bomb = Packed.pack("0".repeat(Frame.MAX_BYTES + 1));
        assertThat(bomb.length).isLessThan(20_000);
        assertThatThrownBy(() -> Packed.unpack(bomb)).hasMessageContaining("more than " + Frame.MAX_BYTES);
    }

    @Test
    void whatIsCutShortOrDamagedIsRefused() {
        byte[] packed = Packed.pack("{\"commit\": 1}".repeat(100));
        assertThatThrownBy(() -> Packed.unpack(Arrays.copyOf(packed, packed.length / 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packed.unpack(new byte[] {(byte) 0xff, 1, 2}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
