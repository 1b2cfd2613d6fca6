package dev.verge.sandbox.url;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "http://EXAMPLE.com:80/a/../b?q#f   |                      | http://example.com/b?q#f",
                "https://user:p@ss@h:8443           |                      | https://user:p%40ss@h:8443/",
                "http://h/a b\u00fc?x y'#z `        |                      | http://h/a%20b%C3%BC?x%20y%27#z%20%60",
                "http://b\u00fccher.example/        |                      | http://xn--bcher-kva.example/",
                "http://0x7f.1/                     |                      | http://127.0.0.1/",
                "http://3232235777/                 |                      | http://192.168.1.1/",
                "http://[1:0:0:0:0:0:0:1]/          |                      | http://[1::1]/",
                "http://[::127.0.0.1]/              |                      | http://[::7f00:1]/",
                "http://[::ffff:1.2.3.4]:80/        |                      | http://[::ffff:102:304]/",
                "http:\\\\x\\y                      |                      | http://x/y",
                "../c?d                             | http://h/a/b/x?y#z   | http://h/a/c?d",
                "//other/p                          | https://h/a          | https://other/p",
                "#frag                              | http://h/a?b         | http://h/a?b#frag",
                "?q                                 | http://h/a?b#c       | http://h/a?q",
                "/%2e%2E/a/./b/..                   | http://h/x           | http://h/a/",
                "mailto:a@b                         |                      | mailto:a@b",
                "data:text/plain,a b#c d            |                      | data:text/plain,a b#c%20d",
                "file:///C!/a/../..                 |                      | file:///C:/",
                "file://localhost/x                 |                      | file:///x",
                "non-special://h:80/%zz/..          |                      | non-special://h:80/",
                "web+demo:/.//not-a-host/           |                      | web+demo:/.//not-a-host/",
                "http://h:00080/                    |                      | http://h/",
                "http://a%41.b/                     |                      | http://aa.b/",
            })
    void parses(String input, String base, String href) {
        WebUrl url = WebUrl.parse(input.replace("C!", "C|"), base);
        assertThat(url).isNotNull();
        assertThat(url == null ? "" : url.href()).isEqualTo(href);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relative",
                "http://",
                "http://h:99999/",
                "http://h:x/",
                "http://a b/",
                "http://[::1/",
                "http://[1:2:3]/",
                "http://[::1.2.3.256]/",
                "http://256.1.1.1/",
                "http://1.2.3.4.5/",
                "http://a%00b/",
                "http://xn--a\u0000/",
                "http://@/",
                "https://ex%ample/"
            })
    void refuses(String input) {
        assertThat(WebUrl.parse(input, null)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h/a      | protocol | https       | https://h/a",
                "https://h:443/  | protocol | foo         | https://h/",
                "http://h:1/a    | host     | x:2         | http://x:2/a",
                "http://h:1/a    | host     | y           | http://y:1/a",
                "http://h/a      | hostname | x:2         | http://h/a",
                "http://h/a      | port     | 8080junk    | http://h:8080/a",
                "http://h:1/a    | port     | x           | http://h:1/a",
                "http://h/a      | pathname | b/../c?d    | http://h/c%3Fd",
                "http://h/a?b    | search   | ?x y        | http://h/a?x%20y",
                "http://h/a      | hash     | x y         | http://h/a#x%20y",
                "http://h/a      | username | a:b         | http://a%3Ab@h/a",
                "mailto:a        | host     | x           | mailto:a",
            })
    void sets(String href, String property, String value, String expected) {
        assertThat(WebUrl.setForScript(href, property, value).split("\n", -1)[0])
                .isEqualTo(expected);
    }

    private static List<String[]> table(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(WebUrlTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Stream.of(line.split(" \\| ?", -1))
                            .map(cell -> Json.decodeValue("\"" + cell + "\"").toString())
                            .toArray(String[]::new))
                    .toList();
        }
    }

    @Test
    void parsesWhatTheTableSays() throws IOException {
        for (String[] row : table("parse.txt")) {
            WebUrl url = WebUrl.parse(row[0], row[1].isEmpty() ? null : row[1]);
            assertThat(url == null ? "!" : url.href())
                    .as("%s against %s", row[0], row[1])
                    .isEqualTo(row[2]);
            if (url != null) {
                WebUrl again = WebUrl.parse(url.href(), null);
                assertThat(again == null ? "!" : again.href())
                        .as("again: %s", url.href())
                        .isEqualTo(url.href());
            }
        }
    }

    @Test
    void setsWhatTheTableSays() throws IOException {
        for (String[] row : table("set.txt")) {
            assertThat(WebUrl.setForScript(row[0], row[1], row[2]).split("\n", -1)[0])
                    .as("%s of %s = %s", row[1], row[0], row[2])
                    .isEqualTo(row[3]);
        }
    }
}
