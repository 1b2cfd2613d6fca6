package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines in Apache's combined format: one line a request, whatever the client sent. */
class CombinedLineTest {
    /** How readers take a line apart. */
    private static final Pattern LINE =
            Pattern.compile("(\\S+) - - \\[([^]]+)] \"((?:[^\"\\\\]|\\\\.)*)\" (\\d{3}) (\\d+|-)"
                    + " \"((?:[^\"\\\\]|\\\\.)*)\" \"((?:[^\"\\\\]|\\\\.)*)\"");

    private static AccessRecord request(
            String target, int status, long bytes, @Nullable String userAgent, @Nullable String referer) {
        return new AccessRecord(
                Instant.parse("2026-11-25T23:05:07.123Z"),
                "id",
                "2001:db8::1",
                "GET",
                "https",
                "a.example",
                target,
                "HTTP/2",
                status,
                bytes,
                0,
                1500,
                "hit",
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                userAgent,
                referer);
    }

    @Test
    void aLineIsWhatApacheWouldWrite() {
        assertThat(request("/a?b=c", 200, 2326, "Mozilla/5.0 (X11)", "https://b.example/")
                        .combined())
                .isEqualTo("2001:db8::1 - - [25/Nov/2026:23:05:07 +0000] \"GET /a?b=c HTTP/2.0\" 200 2326"
                        + " \"https://b.example/\" \"Mozilla/5.0 (X11)\"");
        assertThat(request("/", 204, 0, null, "").combined()).endsWith("\" 204 - \"-\" \"-\"");
        assertThat(request("/", 0, 0, null, null).combined()).contains("\" 499 - ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\" 200 1 \"-\" \"forged",
                "x\\",
                "x\\\" 500 1",
                "x\r\n192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET /forged HTTP/1.1\" 200 1 \"-\" \"-\"",
                "x\n",
                "x\u2028y\u0085z",
                "\u001b[2J\u001b]0;title\u0007",
                "\u0000\u007f",
                "caf\u00e9 \u6f22 \ud83d\ude00",
                "${jndi:ldap://x/}",
            })
    void nothingThatAClientSentEndsAFieldOrALine(String hostile) {
        String line = request("/" + hostile, 200, 1, hostile, hostile).combined();
        assertThat(line).matches(LINE).matches("[ -~]*");
        var read = LINE.matcher(line);
        assertThat(read.matches()).isTrue();
        assertThat(read.group(4)).isEqualTo("200");
        assertThat(read.group(6)).isEqualTo(read.group(7));
    }

    @Test
    void whatIsEscapedCanBeReadBack() {
        assertThat(request("/", 200, 1, "a\"b\\c\td\u00e9\u6f22", null).combined())
                .endsWith("\"a\\\"b\\\\c\\x09d\\xe9\\xe6\\xbc\\xa2\"");
    }
}
