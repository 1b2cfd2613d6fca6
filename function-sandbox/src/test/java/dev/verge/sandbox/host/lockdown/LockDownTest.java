package dev.verge.sandbox.host.lockdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.HostWall;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process that is locked down as a host is can still do: nothing to others, and all that running scripts takes. */
class LockDownTest {
    private static final String PERMISSION = "-1";
    private static final int BY_BAD_SYSTEM_CALL = 128 + 31;

    @TempDir
    Path folder;

    private record End(int code, Map<String, String> lines) {}

    /** Runs the probe in a process that is started as hosts are. */
    private End probe(String... arguments) throws IOException, InterruptedException {
        HostSettings settings = HostSettings.fromClassPath();
        List<Path> classPath = new ArrayList<>(settings.jvm().classPath());
        classPath.add(Path.of(LockedProbe.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()));
        List<String> command = new ArrayList<>(List.of(
                settings.jvm().java().toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:-UseContainerSupport",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "dev.verge.sandbox.host.lockdown.LockedProbe",
                folder.toString()));
        command.addAll(List.of(arguments));
        Files.writeString(folder.resolve("own"), "secret");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, String> lines = new HashMap<>();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        output.lines().forEach(line -> {
            int equals = line.indexOf('=');
            lines.put(line.substring(0, Math.max(equals, 0)), line.substring(equals + 1));
        });
        return new End(process.waitFor(), lines);
    }

    @Test
    void aLockedProcessReachesNobodyAndGoesOnWorking() throws IOException, InterruptedException {
        End end = probe();
        Map<String, String> lines = end.lines();
        assertThat(lines).containsEntry("refused", "[]").containsEntry("alive", "yes");
        assertThat(lines).containsEntry("standing", String.valueOf(HostWall.ALL.size()));
        for (String call : List.of(
                "socket-inet",
                "socket-unix",
                "socket-netlink",
                "fork",
                "open-new",
                "open-own-for-writing",
                "open-memory-file",
                "kill-parent",
                "kill-parent-thread",
                "raise-file-limit",
                "limit-of-parent",
                "dumpable-again",
                "another-filter",
                "capabilities-again")) {
            assertThat(lines).as("a system call that must fail").containsEntry(call, PERMISSION);
        }
        for (String attempt : List.of("connect-loopback", "process", "write-file", "delete-file", "make-folder")) {
            assertThat(lines.get(attempt)).as(attempt).matches("[A-Za-z]+(Exception|Error)");
        }
        for (String attempt : List.of(
                "read-passwd",
                "read-other-file",
                "list-folder",
                "list-root",
                "parent-environ",
                "parent-maps",
                "own-environ",
                "own-memory")) {
            assertThat(lines).as("a file out of sight").containsEntry(attempt, "AccessDeniedException");
        }
        assertThat(lines)
                .containsEntry("new-thread", "done")
                .containsEntry("new-class", "FunctionBundle")
                .containsEntry("class-of-the-jdk", "GZIPOutputStream")
                .containsEntry("cipher", "32")
                .containsEntry("random", "1")
                .containsEntry("elliptic", "EC")
                .containsEntry("cpu-time", "true")
                .containsEntry("collection", "true")
                .containsEntry("interrupt", "done")
                .containsEntry("compile", "true");
        assertThat(Files.readString(folder.resolve("own"))).isEqualTo("secret");
        assertThat(end.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "ptrace", "io_uring", "read-parent"})
    void whatOnlyAnAttackerAsksForEndsTheProcess(String attempt) throws IOException, InterruptedException {
        End end = probe(attempt);
        assertThat(end.code()).isEqualTo(BY_BAD_SYSTEM_CALL);
        assertThat(end.lines()).doesNotContainKeys("alive", attempt);
    }
}
