package dev.verge.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000201" + "c6336401" + "dc04" + "01bb";
    private static final String V6 =
            "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "dc0401bb";

    private static ProxyHeader read(byte[] bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        ProxyHeader header = ProxyHeader.read(buffer);
        assertThat(buffer.readerIndex()).isZero();
        return header;
    }

    private static ProxyHeader line(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ProxyHeader binary(String hex) {
        return read(HexFormat.of().parseHex(SIGNATURE + hex));
    }

    private static String told(ProxyHeader header) {
        return switch (header) {
            case ProxyHeader.Incomplete more -> "more";
            case ProxyHeader.Malformed bad -> "malformed";
            case ProxyHeader.Read read ->
                read.length() + " "
                        + (read.client() == null ? "self" : read.client().getHostAddress());
        };
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\\r\\nGET / | 45 192.0.2.1",
                "PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\\r\\n | 44 2001:db8:0:0:0:0:0:1",
                "PROXY UNKNOWN\\r\\nGET | 15 self",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\\r\\n | 59 self",
                "PRO | more",
                "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\\r | more",
                "GET / HTTP/1.1\\r\\n | malformed",
                "proxy TCP4 192.0.2.1 198.51.100.1 1 2\\r\\n | malformed",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\\n | malformed",
                "PROXY TCP4  192.0.2.1 198.51.100.1 1 2\\r\\n | malformed",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\\r\\n | malformed",
                "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\\r\\n | malformed",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\\r\\n | malformed",
                "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\\r\\n | malformed",
                "PROXY TCP4 192.0.2.1 198.51.100.1 1\\r\\n | malformed",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\\r\\n | malformed",
                "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\\r\\n | malformed",
            })
    void readsALine(String text, String expected) {
        assertThat(told(line(text.replace("\\r", "\r").replace("\\n", "\n"))))
                .as(text)
                .isEqualTo(expected);
    }

    @Test
    void lineHasAnEnd() {
        assertThat(told(line("PROXY UNKNOWN " + "x".repeat(92)))).isEqualTo("more");
        assertThat(told(line("PROXY UNKNOWN " + "x".repeat(200)))).isEqualTo("malformed");
    }

    @Test
    void readsTheBinaryForm() {
        assertThat(told(binary("2111000c" + V4 + "47"))).isEqualTo("28 192.0.2.1");
        assertThat(told(binary("21210024" + V6))).isEqualTo("52 2001:db8:0:0:0:0:0:1");
        assertThat(told(binary("20000000"))).as("LOCAL").isEqualTo("16 self");
        assertThat(told(binary("2011000c" + V4)))
                .as("LOCAL, addresses passed over")
                .isEqualTo("28 self");
        assertThat(told(binary("21000000"))).as("AF_UNSPEC").isEqualTo("16 self");
        assertThat(told(binary("213100d8" + "00".repeat(216)))).as("AF_UNIX").isEqualTo("232 self");
        assertThat(told(binary("2112000c" + V4))).as("datagrams").isEqualTo("28 self");
        assertThat(told(binary("21110013" + V4 + "01000468327270")))
                .as("with a TLV")
                .isEqualTo("35 192.0.2.1");
    }

    @Test
    void refusesABinaryFormThatDoesNotFit() {
        assertThat(told(read(HexFormat.of().parseHex("0d0a0d0a000d0a51")))).isEqualTo("more");
        assertThat(told(read(HexFormat.of().parseHex("0d0a0d0a000d0a52")))).isEqualTo("malformed");
        assertThat(told(binary("2111000c" + V4.substring(2)))).isEqualTo("more");
        assertThat(told(binary("1111000c" + V4))).as("version").isEqualTo("malformed");
        assertThat(told(binary("2211000c" + V4))).as("command").isEqualTo("malformed");
        assertThat(told(binary("2141000c" + V4))).as("family").isEqualTo("malformed");
        assertThat(told(binary("2113000c" + V4))).as("transport").isEqualTo("malformed");
        assertThat(told(binary("2111000b" + V4.substring(2)))).as("too short").isEqualTo("malformed");
        assertThat(told(binary("2111000e" + V4 + "0100"))).as("half a TLV").isEqualTo("malformed");
        assertThat(told(binary("2111000f" + V4 + "010001"))).as("TLV beyond").isEqualTo("malformed");
        assertThat(told(binary("21111001"))).as("longer than taken").isEqualTo("malformed");
    }
}
