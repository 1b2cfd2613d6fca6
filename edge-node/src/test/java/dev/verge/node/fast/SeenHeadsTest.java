package dev.verge.node.fast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenHeadsTest {
    private static final PlainWish WISH =
            new PlainWish(false, "/a", "shop.test", HttpFields.EMPTY, HttpFields.EMPTY, false, false);
    private static final String HEAD = "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n";

    private final SeenHeads heads = new SeenHeads(4096);

    private static ByteBuf bytes(String head) {
        return Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1);
    }

    private void keep(String head) {
        heads.keep(head.getBytes(StandardCharsets.ISO_8859_1), false, false, WISH);
    }

    private boolean knows(String head, boolean secure, boolean trusted) {
        return heads.look(bytes(head)) && heads.find(secure, trusted) != null;
    }

    @Test
    void theSameBytesFromCallersAlikeMeanTheSame() {
        assertThat(knows(HEAD, false, false)).isFalse();
        keep(HEAD);
        assertThat(knows(HEAD, false, false)).isTrue();
        assertThat(knows(HEAD, true, false)).isFalse();
        assertThat(knows(HEAD, false, true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /b HTTP/1.1\r\nHost: shop.test\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: shop.tesT\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: shop.test\r\n"
            })
    void everyByteCounts(String other) {
        keep(HEAD);
        assertThat(knows(other, false, false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEAD + HEAD,
                HEAD + "GET /admin HTTP/1.1\r\nHost: shop.test\r\n\r\n",
                "\r\n" + HEAD,
                "\r\n\r\n",
                "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"
            })
    void onlyOneWholeHeadIsKept(String other) {
        keep(other);
        assertThat(knows(other, false, false)).isFalse();
    }

    @Test
    void whoAsksOnceIsNotRemembered() {
        heads.look(bytes(HEAD));
        assertThat(heads.comesAgain()).isNull();
        assertThat(heads.comesAgain()).isEqualTo(HEAD.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void longHeadsAndPiecesAreNotLookedAt() {
        assertThat(heads.look(bytes(HEAD))).isTrue();
        assertThat(heads.look(bytes(HEAD.substring(0, HEAD.length() - 1)))).isFalse();
        assertThat(heads.look(bytes("\r\n\r\n"))).isFalse();
        String padded = "GET /" + "a".repeat(SeenHeads.MAX_BYTES) + " HTTP/1.1\r\n\r\n";
        assertThat(heads.look(bytes(padded))).isFalse();
    }

    /** As a connection's handler does: one that is not known is kept when it comes for the second time. */
    private boolean ask(String head) {
        heads.look(bytes(head));
        if (heads.find(false, false) != null) {
            return true;
        }
        byte[] again = heads.comesAgain();
        if (again != null) {
            heads.keep(again, false, false, WISH);
        }
        return false;
    }

    private static String headOf(int site) {
        return "GET /a HTTP/1.1\r\nHost: s" + site + ".test\r\nUser-Agent: browser\r\n\r\n";
    }

    @Test
    void theHeadsOfAThousandSitesAreKnownTogether() {
        for (int round = 0; round < 4; round++) {
            for (int site = 0; site < 1000; site++) {
                ask(headOf(site));
            }
        }
        long known = IntStream.range(0, 1000).filter(site -> ask(headOf(site))).count();
        assertThat(known).isGreaterThan(990);
    }

    @Test
    void whatComesOftenStaysWhileOthersPass() {
        for (int other = 0; other < 50_000; other++) {
            ask(headOf(other));
            ask(headOf(other));
            boolean known = ask(HEAD);
            if (other > 2) {
                assertThat(known).as("after %d others", other).isTrue();
            }
        }
    }
}
