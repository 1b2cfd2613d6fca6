package dev.verge.deploy.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NginxImportTest {
    private static final Path SAMPLES = Path.of("src/test/resources/nginx");

    @TempDir
    private Path folder;

    private NginxImport.Result read(String text) throws IOException, NginxSyntaxException {
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, text);
        return NginxImport.read(file, null);
    }

    private static String text(List<Note> notes) {
        return notes.stream()
                .map(note -> note.file() + ":" + note.line() + ": " + note.directive() + " — " + note.reason() + "\n")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "legacy"})
    void aConfigurationBecomesTheDocumentAndTheNotesBesideIt(String sample) throws Exception {
        NginxImport.Result result = NginxImport.read(SAMPLES.resolve(sample).resolve("nginx.conf"), null);
        assertThat(result.sites()).hasSize(1);
        assertThat(result.sites().getFirst().problems()).isEmpty();
        assertThat(result.sites().getFirst().text())
                .isEqualTo(Files.readString(SAMPLES.resolve(sample + "/site.yaml")));
        assertThat(text(result.notes())).isEqualTo(Files.readString(SAMPLES.resolve(sample + "/notes.txt")));
    }

    /** A directive that nothing knows, at every level: each is told of. */
    @Test
    void nothingIsLeftOutSilently() throws Exception {
        NginxImport.Result result = read("""
                odd_main 1;
                http {
                  odd_http 2;
                  upstream u { server 127.0.0.1:1; odd_upstream 3; }
                  server {
                    server_name a.example;
                    odd_server 4;
                    location / { proxy_pass http://u; odd_location 5; }
                    odd_block { inner 6; }
                  }
                }
                """);
        assertThat(result.notes())
                .extracting(Note::directive)
                .containsExactly(
                        "odd_main 1",
                        "odd_http 2",
                        "odd_upstream 3",
                        "odd_server 4",
                        "odd_location 5",
                        "odd_block",
                        "inner 6");
        assertThat(result.notes()).extracting(Note::line).containsExactly(1, 3, 4, 7, 8, 9, 9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server { listen 80 | nginx.conf:1: listen ends with the file",
                "server { | the file ends within a block",
                "} | closes nothing",
                "server { listen 80 } | a ; is missing before }",
                "add_header X \"open; | a quote is not closed",
                "; | where a directive should begin"
            })
    void whatIsNoConfigurationIsToldWithItsPlace(String text, String problem) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(NginxSyntaxException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void quotesCommentsAndVariablesInBracesAreRead() throws Exception {
        NginxImport.Result result = read("""
                server { server_name a.example; # the host
                  location / { proxy_pass http://127.0.0.1:1; proxy_set_header X-Say "a; b # \\"c\\" ${scheme}x"; } }
                """);
        assertThat(result.sites().getFirst().text()).contains("X-Say: 'a; b # \"c\" ${scheme}x'");
        assertThat(result.notes()).isEmpty();
    }

    @Test
    void includesThatGoInCirclesEnd() throws IOException {
        Files.writeString(folder.resolve("nginx.conf"), "include nginx.conf;");
        assertThatThrownBy(() -> NginxImport.read(folder.resolve("nginx.conf"), null))
                .isInstanceOf(NginxSyntaxException.class)
                .hasMessageContaining("includes within one another");
    }

    @Test
    void whatGuardsAPathLeavesItClosed() throws Exception {
        String text = read("""
                server { server_name a.example; auth_basic "all";
                  location / { proxy_pass http://127.0.0.1:1; }
                  location /open/ { auth_basic off; proxy_pass http://127.0.0.1:1; } }
                """).sites().getFirst().text();
        assertThat(text).contains("loc-root-closed", "deny: {status: 403}").contains("name: loc-open\n");
    }

    @ParameterizedTest
    @CsvSource({"90,90s", "1h30m,90m", "500ms,500ms", "1d,1d", "30,30s", "0,0s", "2w,14d"})
    void timesAreWrittenInTheLargestExactUnit(String nginx, String written) {
        assertThat(Terms.time(nginx).map(Terms::written)).contains(written);
    }

    @Test
    void groupsOfExpressionsGetNames() {
        assertThat(Terms.named("^/(a|[(b)])/(?:c)(?<d>e)(f)\\($"))
                .isEqualTo("^/(?<g1>a|[(b)])/(?:c)(?<d>e)(?<g3>f)\\($");
    }
}
