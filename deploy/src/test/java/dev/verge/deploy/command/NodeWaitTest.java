package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said while nodes are waited for. */
class NodeWaitTest {
    private static String printed(boolean terminal, boolean json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        Environment environment = new Environment(
                Map.of(), Path.of(""), Path.of(""), InputStream.nullInputStream(), print, print, terminal);
        Output output = new Output(environment, json);
        output.passing("");
        output.passing("one");
        output.passing("two");
        output.passing("");
        output.passing("");
        output.line("end");
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPassingLineIsReplacedAndGoneInTheEndOnATerminalOnly() {
        assertThat(printed(true, false)).isEqualTo("\rone\u001b[K\rtwo\u001b[K\r\u001b[Kend\n");
        assertThat(printed(false, false)).isEqualTo("end\n");
        assertThat(printed(true, true)).isEmpty();
    }

    @Test
    void itNamesSomeOfThoseThatAreWaitedFor() {
        List<String> all = List.of("a", "b", "c", "d", "e", "f", "g");
        assertThat(NodeWait.waiting(List.of("b"), all)).isEqualTo("  waiting for 1 of 7 nodes: b");
        assertThat(NodeWait.waiting(all, all)).isEqualTo("  waiting for 7 of 7 nodes: a, b, c, d, e …");
        assertThat(NodeWait.waiting(List.of(), all)).isEmpty();
    }
}
