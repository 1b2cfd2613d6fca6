package dev.verge.node.server.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.Http3ErrorCode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameHeadsTest {
    private final List<String> updates = new ArrayList<>();
    private int paid;

    /** Read in one piece and byte by byte; both must come to the same. */
    private @Nullable Http3ErrorCode read(FrameHeads.Kind kind, String hex, int zeros) {
        ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).writerIndex(hex.length() / 2);
        ByteBuf all = Unpooled.buffer().writeBytes(bytes).writeZero(zeros);
        paid = 0;
        Http3ErrorCode whole = heads(kind).read(all);
        int paidWhole = paid;
        paid = 0;
        FrameHeads cut = heads(kind);
        Http3ErrorCode error = null;
        for (int i = 0; i < all.readableBytes() && error == null; i++) {
            error = cut.read(all.slice(i, 1));
        }
        assertThat(error).isEqualTo(whole);
        if (kind == FrameHeads.Kind.REQUEST) {
            assertThat(paid).isEqualTo(paidWhole);
        }
        paid = paidWhole;
        return whole;
    }

    private FrameHeads heads(FrameHeads.Kind kind) {
        return new FrameHeads(
                kind,
                price -> {
                    paid += price;
                    return null;
                },
                (type, payload) -> {
                    updates.add(Long.toHexString(type) + " " + HexFormat.of().formatHex(payload));
                    return payload.length == 0 ? Http3ErrorCode.H3_FRAME_ERROR : null;
                });
    }

    @Test
    void messagesCostNothingAndEmptyPiecesAFrame() {
        assertThat(read(FrameHeads.Kind.REQUEST, "0102aabb" + "004080", 128)).isNull();
        assertThat(paid).isZero();
        assertThat(read(FrameHeads.Kind.REQUEST, "0102aabb" + "0000" + "0000", 0))
                .isNull();
        assertThat(paid).isEqualTo(2);
    }

    @Test
    void framesOfOtherTypesAreShort() {
        assertThat(read(FrameHeads.Kind.REQUEST, "2140ff", 255)).isNull();
        assertThat(paid).isEqualTo(4);
        assertThat(read(FrameHeads.Kind.REQUEST, "21a0000000", 0)).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD);
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "00" + "0400" + "21a0000000", 0))
                .isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD);
    }

    @Test
    void encodersOfQpackSayNothingAndUnknownStreamsArePaidFor() {
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "0220", 0)).isNull();
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "02", 100))
                .isEqualTo(Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR);
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "21", 640)).isNull();
        assertThat(paid).isEqualTo(11);
    }

    @Test
    void updatesOfPrioritiesAreKeptWholeAndStandBehindTheSettings() {
        String update = "800f070004" + "04753d31";
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "00" + "0400" + update + "800f070103080102" + "2100", 0))
                .isNull();
        assertThat(updates).containsExactly("f0700 04753d31", "f0701 080102", "f0700 04753d31", "f0701 080102");
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "00" + "0400" + "800f070000", 0))
                .isEqualTo(Http3ErrorCode.H3_FRAME_ERROR);
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "00" + update, 0))
                .isEqualTo(Http3ErrorCode.H3_MISSING_SETTINGS);
        assertThat(read(FrameHeads.Kind.UNIDIRECTIONAL, "00" + "0400" + "800f0700" + "4401", 0))
                .isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD);
        assertThat(read(FrameHeads.Kind.REQUEST, update, 0)).isEqualTo(Http3ErrorCode.H3_FRAME_UNEXPECTED);
    }
}
