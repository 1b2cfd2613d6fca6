package dev.verge.sync.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SessionKey;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
    private final Envelopes node = new Envelopes(SessionKey.Side.NODE, 4_096);
    private final Envelopes controlPlane = new Envelopes(SessionKey.Side.CONTROL_PLANE, 4_096);

    private void seal() {
        SealingPair pair = SealingPair.generate();
        SessionKey key = SessionKey.generate();
        SessionKey opened = SessionKey.open(pair, key.sealedTo(pair.publicKey()));
        controlPlane.sealFrom(key);
        controlPlane.openFrom(key);
        node.sealFrom(opened);
        node.openFrom(opened);
    }

    private static String through(Envelopes from, List<byte[]> pieces) {
        String whole = "";
        for (byte[] piece : pieces) {
            whole = from.take(piece) instanceof Envelopes.Whole(String text) ? text : "";
        }
        return whole;
    }

    @Test
    void messagesLongerThanNatsTakesComeWholeInTheClearAndSealed() {
        String message = "commit ".repeat(3_000);
        assertThat(through(controlPlane, node.text(message))).isEqualTo(message);
        seal();
        List<byte[]> pieces = node.text(message);
        assertThat(pieces).hasSizeGreaterThan(5).allMatch(piece -> piece.length <= 4_096);
        assertThat(new String(pieces.getFirst(), StandardCharsets.ISO_8859_1)).doesNotContain("commit");
        assertThat(through(controlPlane, pieces)).isEqualTo(message);
        assertThat(through(node, controlPlane.packed(Packed.pack(message)))).isEqualTo(message);
        assertThat(node.take(controlPlane.end().getFirst())).isInstanceOf(Envelopes.Ended.class);
    }

    @Test
    void aPieceThatIsMissingDoubledTurnedBackOrChangedEndsTheSession() {
        seal();
        byte[] first = node.text("one").getFirst();
        byte[] second = node.text("two").getFirst();
        assertThatThrownBy(() -> controlPlane.take(second)).hasMessageContaining("piece 2 came where 1 was due");
        assertThat(through(controlPlane, List.of(first))).isEqualTo("one");
        assertThatThrownBy(() -> controlPlane.take(first)).hasMessageContaining("piece 1");
        byte[] third = controlPlane.text("back").getFirst();
        second[second.length - 1] ^= 1;
        assertThatThrownBy(() -> controlPlane.take(second)).hasMessageContaining("not sealed for this session");
        seal();
        assertThatThrownBy(() -> node.take(third)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> node.take(new byte[3])).hasMessageContaining("a piece of 3 bytes");
    }

    @Test
    void aMessageHasABound() {
        assertThatThrownBy(() -> through(controlPlane, node.text("x".repeat(Frame.MAX_BYTES + 1))))
                .hasMessageContaining("more than " + Frame.MAX_BYTES);
    }
}
