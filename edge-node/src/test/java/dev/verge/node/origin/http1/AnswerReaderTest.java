package dev.verge.node.origin.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112: an answer is read in the one way there is, or not at all, wherever the network cuts it. */
class AnswerReaderTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "Content-Length: 2\r\n\r\nab",
                OK + "content-length:2\r\n\r\nab",
                OK + "Content-Length: 0\r\n\r\n",
                OK + "\r\nuntil the end\n\r\0",
                OK + "X : spaced\r\nContent-Length: 0\r\n\r\n",
                OK + "X:\r\nContent-Length: 0\r\n\r\n",
                OK + "X: \u00ff\tb\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\nold",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + "Content-Length: 1\r\n\r\na",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                OK
                        + "Transfer-Encoding: Chunked\r\n\r\n000000000003;a=\"b\";c\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: t\r\n\r\n",
            })
    void oneReading(String answer) {
        for (int cut = 1; cut <= answer.length(); cut++) {
            AnswerReader reader = new AnswerReader(new SeenParts());
            reader.expect(false, false);
            assertThat(feed(reader, answer, cut)).as("pieces of %d", cut).isEqualTo(answer.length());
            assertThat(reader.broken()).isNull();
            assertThat(reader.hasStarted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>HTTP/0.9 had no head</html>\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "HTTP/1.2 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1\t200 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 +20 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 200 O\rK\r\n\r\n",
                "\r\n" + OK + "\r\n",
                OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
                OK + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
                OK + "Content-Length: 2, 2\r\n\r\nab",
                OK + "Content-Length: +2\r\n\r\nab",
                OK + "Content-Length: -1\r\n\r\n",
                OK + "Content-Length: 0x2\r\n\r\nab",
                OK + "Content-Length: 2 2\r\n\r\nab",
                OK + "Content-Length:\r\n\r\n",
                OK + "Content-Length: 9999999999999999999\r\n\r\n",
                OK + "Content-Length : 2\r\n\r\nab",
                OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: identity\r\n\r\nabc",
                OK + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                OK + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                OK + "X: a\r\n folded\r\n\r\n",
                OK + " X: a\r\n\r\n",
                OK + "no colon\r\n\r\n",
                OK + ": no name\r\n\r\n",
                OK + "X y: two words\r\n\r\n",
                OK + "X(: bad name\r\n\r\n",
                OK + "X\u00fc: bad name\r\n\r\n",
                OK + "X: a\rb\r\n\r\n",
                OK + "X: a\r\r\n\r\n",
                OK + "X: a\nY: b\r\n\r\n",
                OK + "X: a\0b\r\n\r\n",
                OK + "X: a\u007f\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\nab" + OK + "\r\n",
                "HTTP/1.1 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + OK + "\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3;a\rb\r\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n80000000\r\nabc",
                OK + "Transfer-Encoding: chunked\r\n\r\n\r\nabc",
                OK + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n",
                // Nobody asked.
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
            })
    void noReading(String answer) {
        for (int cut = 1; cut <= answer.length(); cut++) {
            AnswerReader reader = new AnswerReader(new SeenParts());
            reader.expect(false, false);
            feed(reader, answer, cut);
            assertThat(reader.broken()).as("pieces of %d", cut).isNotNull();
        }
    }

    @Test
    void whatFollowsACompleteAnswerBelongsToNobody() {
        for (String whole : new String[] {
            OK + "Content-Length: 2\r\n\r\nab",
            OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n"
        }) {
            AnswerReader reader = new AnswerReader(new SeenParts());
            reader.expect(false, false);
            assertThat(feed(reader, whole + OK + "\r\n", whole.length() + 4)).isEqualTo(whole.length());
            assertThat(reader.broken()).isNull();
        }
        assertThat(feed(new AnswerReader(new SeenParts()), OK, 4)).as("unasked").isZero();
    }

    @Test
    void anAnswerToHeadHasNoContentWhateverItsFieldsSay() {
        AnswerReader reader = new AnswerReader(new SeenParts());
        for (String fields : new String[] {"Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
            reader.expect(true, false);
            String head = OK + fields + "\r\n";
            assertThat(feed(reader, head, 5)).isEqualTo(head.length());
            assertThat(feed(reader, "x", 1)).isZero();
        }
        assertThat(reader.broken()).isNull();
    }

    @Test
    void everythingThatCanGrowHasAnEnd() {
        for (String endless : new String[] {
            "HTTP/1.1 200 " + "a".repeat(70_000),
            OK + "X: " + "a".repeat(70_000),
            OK + "X: a\r\n".repeat(501),
            "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(65),
            OK + "Transfer-Encoding: chunked\r\n\r\n3;" + "a".repeat(1_100),
            OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "X: a\r\n".repeat(501),
        }) {
            AnswerReader reader = new AnswerReader(new SeenParts());
            reader.expect(false, false);
            feed(reader, endless, 1 << 20);
            assertThat(reader.broken()).isNotNull();
        }
    }

    /** Bytes taken until the first piece that was not taken whole. */
    private static int feed(AnswerReader reader, String text, int piece) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int taken = 0;
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuf part = Unpooled.wrappedBuffer(bytes, at, Math.min(piece, bytes.length - at));
            int now = reader.read(part);
            taken += now;
            if (now < part.readableBytes()) {
                break;
            }
        }
        return taken;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "HTTP/1.1 200 OK~Content-Length: 2~X-A :  b c  ~~ab => 200 [Content-Length: 2, X-A: b c] | ab end",
                "HTTP/1.1 200 OK~Content-Length: 0~Connection: x, Close~~ => 200 closes [Content-Length: 0, Connection: x, Close] end",
                "HTTP/1.0 200 OK~Content-Length: 1~~a => 200 closes [Content-Length: 1] | a end",
                "HTTP/1.0 200 OK~Connection: keep-alive~Content-Length: 1~~a => 200 [Connection: keep-alive, Content-Length: 1] | a end",
                "HTTP/1.1 200 OK~~until => 200 closes [] | until end",
                "HTTP/1.1 204 No~~ => 204 [] end",
                "HTTP/1.1 100 Go on~~HTTP/1.1 103 Hints~Link: </a>~~HTTP/1.1 304 No~~ => 100 []; 103 [Link: </a>]; 304 [] end",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~abc~2;x=y~de~0~X-T: u~~"
                        + " => 200 [Transfer-Encoding: chunked] | abcde end [X-T: u]",
            })
    void tellsThePartsWhereverItIsCut(String answer, String parts) {
        String bytes = answer.replace("~", "\r\n");
        for (int cut = 1; cut <= bytes.length(); cut++) {
            SeenParts seen = new SeenParts();
            AnswerReader reader = new AnswerReader(seen);
            reader.expect(false, false);
            feed(reader, bytes, cut);
            reader.endsByClose();
            assertThat(seen).as("pieces of %d", cut).hasToString(parts);
        }
    }
}
