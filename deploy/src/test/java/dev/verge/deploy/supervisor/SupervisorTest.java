package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot work, with a shell script in the place of the program. */
class SupervisorTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Supervisor supervisor(int[] ports) {
        UpOptions options = new UpOptions(
                folder.resolve("data"), ports[0], ports[1], ports[2], ports[3], ports[4], 1, true, true, false);
        return new Supervisor(
                options, folder.resolve("home"), new Console(new PrintStream(said, true, StandardCharsets.UTF_8)));
    }

    private void program(String script) throws IOException {
        Path program = folder.resolve("home/bin/verge");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int[] freePorts() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket a = socket(0);
                    ServerSocket _ = socket(a.getLocalPort() + 1)) {
                int next = a.getLocalPort();
                try (ServerSocket b = socket(0);
                        ServerSocket c = socket(0);
                        ServerSocket d = socket(0);
                        ServerSocket e = socket(0)) {
                    return new int[] {b.getLocalPort(), c.getLocalPort(), d.getLocalPort(), e.getLocalPort(), next};
                }
            } catch (IOException taken) {
                // The port behind the free one is taken: try another pair.
            }
        }
        throw new IOException("no free ports");
    }

    private static ServerSocket socket(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
    }

    @Test
    void aPartThatCannotStartEndsTheWholeStartWithItsReason() throws Exception {
        program("""
                case $1 in
                  control-plane) echo 'verge: the store is damaged' >&2; exit 1 ;;
                  *) exec sleep 60 ;;
                esac
                """);
        assertThatThrownBy(() -> supervisor(freePorts()).run())
                .isInstanceOfSatisfying(
                        StartFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(1))
                .hasMessageContaining("control-plane cannot start: the store is damaged (exit code 1)")
                .hasMessageContaining("control-plane.log");
        for (long pid : pids()) {
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
        assertThat(pids()).hasSize(3);
    }

    private List<Long> pids() {
        return said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" pid "))
                .map(line -> Long.parseLong(line.split(" ", -1)[2]))
                .toList();
    }

    @Test
    void nothingIsStartedWhenAPortIsTaken() throws Exception {
        program("touch " + folder.resolve("started"));
        int[] ports = freePorts();
        try (ServerSocket _ = socket(ports[4] + 1)) {
            assertThatThrownBy(() -> supervisor(ports).run())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("port " + (ports[4] + 1))
                    .hasMessageContaining("--origins");
        }
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void aSecondRunOnTheSameDataIsRefused() throws Exception {
        program("touch " + folder.resolve("started"));
        try (DataFolder _ = DataFolder.open(folder.resolve("data"), false)) {
            assertThatThrownBy(() -> supervisor(freePorts()).run())
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("another run");
        }
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void aMissingProgramIsOneClearLine() throws Exception {
        assertThatThrownBy(() -> supervisor(freePorts()).run())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("bin/verge");
    }
}
