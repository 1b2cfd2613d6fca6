package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The units of systemd: what systemd itself says of them, where it is at hand, and that they start what there is. */
class SystemdUnitTest {
    private static final Path UNITS = Path.of("src/main/dist/systemd");
    private static final String PROGRAM = "/opt/verge/%i/bin/verge";
    /** Of systemd-analyze security, times ten: below it is what systemd calls OK. */
    private static final int MOST_EXPOSED = 35;

    static List<Path> units() throws IOException {
        try (Stream<Path> files = Files.list(UNITS)) {
            return files.sorted().toList();
        }
    }

    private static Map<String, String> settings(Path unit) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(unit)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                assertThat(settings.put(line.substring(0, equals), line.substring(equals + 1)))
                        .as(line)
                        .isNull();
            }
        }
        return settings;
    }

    @ParameterizedTest
    @MethodSource("units")
    void whatIsStartedIsThereAndIsStoppedInOrder(Path unit) throws IOException {
        Map<String, String> settings = settings(unit);
        String[] start = settings.getOrDefault("ExecStart", "").split(" ", -1);
        assertThat(start[0]).isEqualTo(PROGRAM);
        Environment nowhere =
                new Environment(Map.of(), Path.of(""), Path.of(""), System.in, System.out, System.err, false);
        CommandLine.ParseResult parsed =
                VergeCommand.commandLine(nowhere).parseArgs(Arrays.copyOfRange(start, 1, start.length));
        assertThat(parsed.subcommand()).isNotNull();
        // Signals go to the one that knows what to do with its hosts, and the folder is there before it starts.
        assertThat(settings)
                .containsEntry("KillMode", "mixed")
                .containsEntry("StateDirectory", "verge")
                .doesNotContainKeys("ReadWritePaths", "MemoryDenyWriteExecute");
        for (String sample : List.of("node.yaml", "control-plane.yaml")) {
            assertThat(Files.readString(Path.of("src/main/dist/conf", sample))).contains("data: /var/lib/verge/");
        }
    }

    @ParameterizedTest
    @MethodSource("units")
    void systemdFindsNothingWrongAndLittleExposed(Path unit, @TempDir Path folder) throws Exception {
        assumeTrue(new File("/usr/bin/systemd-analyze").canExecute(), "systemd-analyze is not at hand");
        // An instance, of a program that is there on this machine.
        Path instance = folder.resolve(unit.getFileName().toString().replace("@.", "@0.1.0."));
        Files.writeString(instance, Files.readString(unit).replace(PROGRAM, "/bin/true"));
        assertThat(run("systemd-analyze", "verify", instance.toString())).isEmpty();
        run("systemd-analyze", "security", "--offline=true", "--threshold=" + MOST_EXPOSED, instance.toString());
    }

    /** What it printed; it must end well. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
