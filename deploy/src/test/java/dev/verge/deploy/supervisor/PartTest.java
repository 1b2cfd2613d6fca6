package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One supervised process, with shell scripts in its place. */
class PartTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));

    private Part part(String script, Duration grace) {
        URI address = URI.create("http://127.0.0.1:1");
        return new Part(
                new PartSpec("thing", List.of("sh", "-c", script), address, address, grace),
                Map.of(),
                new PartLog(folder.resolve("thing.log"), 10_000),
                new LogDigest("thing", console, System::nanoTime),
                console);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private Part.Ended lifeOf(Part part) throws Exception {
        CompletableFuture<Part.Ended> ended = new CompletableFuture<>();
        part.start(ended::complete);
        return ended.get(10, TimeUnit.SECONDS);
    }

    @Test
    void itsStartIsToldAsNamePidAddress() throws Exception {
        Part.Ended end = lifeOf(part("exit 0", Duration.ofSeconds(5)));
        assertThat(said()).isEqualTo("thing pid " + end.pid() + " http://127.0.0.1:1\n");
    }

    @Test
    void itsOwnLastWordsAreTheReason() throws Exception {
        Part.Ended end = lifeOf(part("echo 'verge: port 1 is taken' >&2; exit 1", Duration.ofSeconds(5)));
        assertThat(end.reason()).isEqualTo("port 1 is taken (exit code 1)");
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, ended by itself",
        "exit 3, out of memory",
        "exit 7, exit code 7",
        "kill -9 $$, killed by SIGKILL",
        "kill -15 $$, killed by SIGTERM"
    })
    void howItEndedIsToldInWords(String script, String reason) throws Exception {
        assertThat(lifeOf(part(script, Duration.ofSeconds(5))).reason()).isEqualTo(reason);
    }

    @Test
    void outputGoesToTheLogAndWarningsToTheConsoleToo() throws Exception {
        lifeOf(part("echo plain; echo '{\"level\":\"WARN\",\"message\":\"look at this\"}'", Duration.ofSeconds(5)));
        assertThat(Files.readString(folder.resolve("thing.log"))).contains("plain", "look at this");
        assertThat(said()).contains("thing: WARN look at this\n").doesNotContain("plain");
    }

    @Test
    void whatDoesNotStopInTimeIsKilled() throws Exception {
        CompletableFuture<Part.Ended> ended = new CompletableFuture<>();
        Part part = part(
                "trap '' TERM; echo '{\"level\":\"WARN\",\"message\":\"up\"}'; while :; do read x || sleep 0.1; done",
                Duration.ofMillis(200));
        part.start(ended::complete);
        while (!said().contains("WARN up")) {
            Thread.onSpinWait();
        }
        part.askToEnd();
        part.awaitEnd();
        assertThat(ended.get(10, TimeUnit.SECONDS).reason()).isEqualTo("killed by SIGKILL");
        assertThat(said()).contains("did not stop within");
    }

    @Test
    void itsStandardInputStaysOpenAsLongAsTheSupervisorLives() throws Exception {
        CompletableFuture<Part.Ended> ended = new CompletableFuture<>();
        Part part = part("read x; exit 9", Duration.ofSeconds(5));
        part.start(ended::complete);
        assertThat(part.alive()).isTrue();
        part.askToEnd();
        part.awaitEnd();
        assertThat(ended.get(10, TimeUnit.SECONDS).reason()).isEqualTo("killed by SIGTERM");
    }

    @Test
    void theLogIsBounded() throws IOException {
        try (PartLog log = new PartLog(folder.resolve("big.log"), 1000)) {
            for (int i = 0; i < 500; i++) {
                log.line("line number " + i);
            }
        }
        assertThat(Files.size(folder.resolve("big.log"))).isLessThanOrEqualTo(1000);
        assertThat(Files.size(folder.resolve("big.log.1"))).isLessThanOrEqualTo(1000);
        assertThat(Files.readString(folder.resolve("big.log"))).endsWith("line number 499\n");
        assertThat(folder).isDirectoryNotContaining("glob:**.2");
    }

    @Test
    void aFloodOfWarningsIsCutShort() {
        long[] now = {0};
        LogDigest digest = new LogDigest("thing", console, () -> now[0]);
        for (int i = 0; i < 100; i++) {
            digest.tell("again");
        }
        assertThat(said().lines()).hasSize(10).last().asString().contains("logs/thing.log");
        now[0] = Duration.ofSeconds(11).toNanos();
        digest.tell("later");
        assertThat(said()).endsWith("thing: later\n");
    }

    @Test
    void pausesGrowAndAreForgottenAfterAHealthyLife() {
        RestartPause pause = new RestartPause();
        Duration brief = Duration.ofSeconds(1);
        assertThat(List.of(pause.after(brief), pause.after(brief), pause.after(brief)))
                .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
        for (int i = 0; i < 10; i++) {
            assertThat(pause.after(brief)).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
        assertThat(pause.after(brief)).isEqualTo(Duration.ofSeconds(30));
        assertThat(pause.after(Duration.ofMinutes(2))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aSuccessorThatFailsLeavesTheProcessThatRuns() throws Exception {
        Part part = part(
                "case $0 in --take-over) echo 'verge: no' ; exit 1 ;; *) exec sleep 60 ;; esac", Duration.ofSeconds(5));
        CompletableFuture<Part.Ended> ended = new CompletableFuture<>();
        part.start(ended::complete);
        part.succeed(ended::complete);
        while (part.handsOver()) {
            Thread.onSpinWait();
        }
        assertThat(said()).contains("could not take over: no (exit code 1)").contains("goes on");
        assertThat(part.alive()).isTrue();
        assertThat(ended).isNotDone();
        part.askToEnd();
        assertThat(ended.get(10, TimeUnit.SECONDS).reason()).isEqualTo("killed by SIGTERM");
    }

    @Test
    void theEndOfAProcessThatHandedOverIsNoReasonToRestart() throws Exception {
        Path go = folder.resolve("go");
        Part part = part(
                "case $0 in --take-over) : >" + go + "; exec sleep 60 ;; *) until [ -e " + go
                        + " ]; do sleep 0.05; done ;; esac",
                Duration.ofSeconds(5));
        CompletableFuture<Part.Ended> ended = new CompletableFuture<>();
        part.start(ended::complete);
        part.succeed(ended::complete);
        while (part.handsOver()) {
            Thread.onSpinWait();
        }
        assertThat(said()).contains("has handed over: ended by itself");
        assertThat(part.alive()).isTrue();
        assertThat(ended).isNotDone();
        part.askToEnd();
        ended.get(10, TimeUnit.SECONDS);
    }
}
