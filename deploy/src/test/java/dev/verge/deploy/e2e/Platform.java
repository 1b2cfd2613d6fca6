package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A whole platform started by {@code verge up} from the built distribution, on free ports, in a data folder of its own. */
final class Platform implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int SIGINT = 2;
    private static final int LOWEST_PORT = 12_000;
    private static final int FIRST_OF_CLIENTS = 32_768;
    private static final Pattern STARTED = Pattern.compile("^(\\S+) pid (\\d+) (?!ended|has |could )(\\S+).*");

    /** The ports of one platform; node {@code i} adds {@code 10 * i} to the first two and to the admin port. */
    record Ports(int http, int https, int api, int admin, int origins) {
        static Ports free() {
            // Each base needs room behind it for a second node or origin, so the probe binds the neighbours as well.
            int base = freeBase();
            return new Ports(base, base + 1, base + 4, base + 2, base + 5);
        }

        private static int freeBase() {
            // Below the ports that the system gives to clients: those of a load that has ended are not free for a
            // minute.
            for (int attempt = 0; attempt < 100; attempt++) {
                int base = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_OF_CLIENTS - 20);
                if (allFree(base, 20)) {
                    return base;
                }
            }
            throw new IllegalStateException("no 20 free ports in a row");
        }

        private static boolean allFree(int base, int count) {
            return IntStream.range(base, base + count).allMatch(Ports::free);
        }

        private static boolean free(int port) {
            try (ServerSocket probe = new ServerSocket(port)) {
                return probe.isBound();
            } catch (IOException taken) {
                return false;
            }
        }
    }

    /** What one run of the {@code verge} command said. */
    record Said(int exit, String out, String err) {}

    private final Process process;
    private final Path data;
    private final Path temporary;
    private final Ports ports;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<@Nullable Void> outputEnded = new CompletableFuture<>();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private Platform(Process process, Path data, Path temporary, Ports ports) {
        this.process = process;
        this.data = data;
        this.temporary = temporary;
        this.ports = ports;
    }

    static Path command() {
        return Path.of(System.getProperty("verge.distribution", "target/verge")).resolve("bin/verge");
    }

    /** Starts without waiting; {@link #awaitReady} or {@link #awaitExit} follow. */
    static Platform launch(Path data, Ports ports, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                command().toString(),
                "up",
                "--data",
                data.toString(),
                "--http",
                "" + ports.http(),
                "--https",
                "" + ports.https(),
                "--api",
                "" + ports.api(),
                "--admin",
                "" + ports.admin(),
                "--origins",
                "" + ports.origins()));
        arguments.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        // Half a dozen function hosts boot here beside each other: none needs to be fast, and practice would take the
        // processors.
        Path temporary = Files.createTempDirectory("platform");
        builder.environment().put("VERGE_JAVA_OPTIONS", "-Dverge.functions.exercise=50 -Djava.io.tmpdir=" + temporary);
        Process process = builder.start();
        Platform platform = new Platform(process, data, temporary, ports);
        Thread.ofPlatform().daemon().name("output of verge up").start(platform::collectOutput);
        return platform;
    }

    static Platform start(Path data, String... options) throws IOException {
        Platform platform = launch(data, Ports.free(), options);
        try {
            platform.awaitReady();
        } catch (Throwable failure) {
            platform.close();
            throw failure;
        }
        return platform;
    }

    private void collectOutput() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("output lost: " + e);
        } finally {
            outputEnded.complete(null);
        }
    }

    Duration awaitReady() {
        return Await.until("ready; said: " + lines, START, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("ended with " + process.exitValue() + ": " + lines);
            }
            return lines.contains("ready");
        });
    }

    int awaitExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + deadline + ": " + lines);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Await.until("output complete", Duration.ofSeconds(5), outputEnded::isDone);
        return process.exitValue();
    }

    List<String> lines() {
        return lines;
    }

    /** The end of that process's log. */
    String lastLines(String name, int count) {
        try {
            List<String> log = Files.readAllLines(data.resolve("logs").resolve(name + ".log"));
            return String.join("\n", log.subList(Math.max(0, log.size() - count), log.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    Ports ports() {
        return ports;
    }

    Path data() {
        return data;
    }

    /** The newest process of that name: {@code control-plane}, {@code node-0}, {@code origin-1}… */
    ProcessHandle part(String name) {
        return pidOf(name)
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new AssertionError("no process named " + name + " in " + lines));
    }

    Optional<Long> pidOf(String name) {
        Optional<Long> newest = Optional.empty();
        for (String line : lines) {
            Matcher started = STARTED.matcher(line);
            if (started.matches() && started.group(1).equals(name)) {
                newest = Optional.of(Long.parseLong(started.group(2)));
            }
        }
        return newest;
    }

    URI edge(String pathAndQuery) {
        return edge(0, pathAndQuery);
    }

    URI edge(int node, String pathAndQuery) {
        return URI.create("http://localhost:" + (ports.http() + 10 * node) + pathAndQuery);
    }

    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + ports.admin() + path);
    }

    URI api(String path) {
        return URI.create("http://127.0.0.1:" + ports.api() + path);
    }

    URI origin(int index, String path) {
        return URI.create("http://127.0.0.1:" + (ports.origins() + index) + path);
    }

    String token() throws IOException {
        return Files.readString(data.resolve("admin-token")).strip();
    }

    HttpClient http() {
        return http;
    }

    HttpResponse<String> get(URI uri) throws IOException {
        return send(HttpRequest.newBuilder(uri).build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    HttpRequest.Builder call(String path) throws IOException {
        return HttpRequest.newBuilder(api(path)).header("Authorization", "Bearer " + token());
    }

    /** Runs the {@code verge} command as the operator of this platform, from a folder that is not the distribution's. */
    Said verge(String... arguments) throws IOException {
        return run(Map.of("VERGE_API", api("").toString(), "VERGE_TOKEN", token()), data, arguments);
    }

    /** The same, while the caller goes on. */
    CompletableFuture<Said> meanwhile(String... arguments) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return verge(arguments);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    static Said run(Map<String, String> environment, Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(command().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        Path error = Files.createTempFile("verge", ".err");
        try {
            Process process = builder.redirectError(error.toFile()).start();
            String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("verge " + String.join(" ", arguments) + " did not end");
            }
            return new Said(process.exitValue(), out, Files.readString(error));
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(error);
        }
    }

    /** Every process this platform ever reported. */
    List<Long> everyPid() {
        List<Long> pids = new ArrayList<>();
        for (String line : lines) {
            Matcher started = STARTED.matcher(line);
            if (started.matches()) {
                pids.add(Long.parseLong(started.group(2)));
            }
        }
        return pids;
    }

    /** Everything started below the supervisor, function hosts included, as it is right now. */
    List<ProcessHandle> tree() {
        return process.descendants().toList();
    }

    /** Asks the supervisor to replace the processes of the nodes, and waits until it has: each is waited for until it is warm. */
    Duration renew() throws IOException {
        long before = renewals();
        try {
            new ProcessBuilder("kill", "-USR1", "" + process.pid()).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return Await.until("renewed; said: " + lines, START.multipliedBy(2), () -> renewals() > before);
    }

    private long renewals() {
        return lines.stream().filter("renewed"::equals).count();
    }

    /**
     * Ctrl-C; SIGTERM where this test itself was started in the background, because children inherit an ignored SIGINT. No process may leave
     * anything in the folder of temporary files.
     */
    int interrupt() throws IOException {
        String signal = ignoresInterrupt() ? "-TERM" : "-INT";
        try {
            new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        int exit = awaitExit(STOP);
        assertThat(temporary).isEmptyDirectory();
        return exit;
    }

    private boolean ignoresInterrupt() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0");
        long mask = Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16);
        return (mask & 1L << (SIGINT - 1)) != 0;
    }

    @Override
    public void close() {
        List<ProcessHandle> all = tree();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IllegalStateException(e);
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
            http.close();
            // Empty unless something was killed.
            var _ = temporary.toFile().delete();
        }
    }
}
