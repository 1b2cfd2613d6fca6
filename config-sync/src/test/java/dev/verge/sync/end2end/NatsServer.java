package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.until;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.verge.sync.nats.NatsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real nats-server with JetStream, behind one port however often it is started. */
final class NatsServer implements AutoCloseable {
    private final Path folder;
    private final List<String> more;
    final int port;
    private @Nullable Process process;

    private NatsServer(Path folder, int port, List<String> more) {
        this.folder = folder;
        this.port = port;
        this.more = more;
    }

    /** Starts, with more arguments if need be; the test is skipped where there is no nats-server. */
    static NatsServer start(Path folder, String... more) throws IOException {
        assumeTrue(
                Stream.of("/usr/sbin/nats-server", "/usr/bin/nats-server", "/usr/local/bin/nats-server")
                        .anyMatch(each -> Files.isExecutable(Path.of(each))),
                "no nats-server on this machine: apt-get install nats-server");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        NatsServer server = new NatsServer(folder, port, List.of(more));
        server.start();
        return server;
    }

    NatsSettings settings(String prefix) {
        return new NatsSettings(List.of("nats://127.0.0.1:" + port), null, null, prefix);
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port), "-js", "-sd", folder.toString()));
        command.addAll(more);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolveSibling("nats.log").toFile())
                .start();
        until("nats-server", this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return socket.getInputStream().read() >= 0;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As kill −9. */
    void kill() {
        Process now = process;
        if (now != null) {
            now.destroyForcibly();
            try {
                now.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Kills it and loses all that it kept. */
    void loseEverything() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() {
        kill();
    }
}
