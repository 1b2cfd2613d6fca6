package dev.verge.sandbox.process;

import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.HostWall;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameSplitter;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.WireException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots host processes: each in a private folder (mode 700) with a socket of its own that accepts one connection, an empty working
 * folder and an empty environment.
 */
final class HostLauncher {
    private static final Logger LOG = LoggerFactory.getLogger(HostLauncher.class);
    private static final int MAX_OUTPUT_LINES = 200;

    private final Vertx vertx;
    private final HostSettings settings;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final Set<Boot> boots = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HostLauncher(Vertx vertx, HostSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Ends every process that was ever started and is still there, and starts no more. */
    void close() {
        closed = true;
        processes.forEach(Process::destroyForcibly);
    }

    /** Completes when no process and no folder is left. */
    Future<Void> gone() {
        return Future.join(boots.stream().map(boot -> boot.cleaned.future()).toList())
                .mapEmpty();
    }

    /** Completes with the process when it has ended. */
    static Future<Process> exit(Process process) {
        return Future.fromCompletionStage(process.onExit());
    }

    /** A booted host with heap for functions of that size. */
    Future<HostProcess> boot(long memoryBytes) {
        Boot boot = new Boot(memoryBytes);
        boots.add(boot);
        boot.cleaned.future().onComplete(cleaned -> boots.remove(boot));
        Thread.ofVirtual().name("function-host-boot").start(boot::listen);
        return boot.booted.future();
    }

    /** One boot, from the folder to the first frame. */
    private final class Boot {
        private final long memoryBytes;
        private final Promise<HostProcess> booted = Promise.promise();
        private final Promise<Process> started = Promise.promise();
        private final Promise<Void> over = Promise.promise();
        private final Promise<Void> cleaned = Promise.promise();
        private final AtomicBoolean connected = new AtomicBoolean();

        Boot(long memoryBytes) {
            this.memoryBytes = memoryBytes;
        }

        void listen() {
            try {
                Path folder = Files.createTempDirectory(
                        settings.workFolder(),
                        "verge-fn-",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                NetServer server = vertx.createNetServer().connectHandler(this::greet);
                // A server takes its connections along when it closes, so it stays as long as the process.
                over.future()
                        .onComplete(ended -> server.close()
                                .onComplete(gone -> Thread.ofVirtual().start(() -> {
                                    delete(folder);
                                    cleaned.tryComplete();
                                })));
                Path path = folder.resolve("s");
                server.listen(SocketAddress.domainSocketAddress(path.toString()))
                        .onFailure(this::fail)
                        .onSuccess(listening ->
                                Thread.ofVirtual().name("function-host-start").start(() -> start(folder, path)));
            } catch (IOException | RuntimeException e) {
                fail(e);
                cleaned.tryComplete();
            }
        }

        private void fail(Throwable cause) {
            booted.tryFail(cause);
            over.tryComplete();
        }

        private void start(Path folder, Path path) {
            try {
                Path work = Files.createDirectory(folder.resolve("work"));
                ProcessBuilder builder = new ProcessBuilder(HostCommand.of(settings.jvm(), memoryBytes)
                        .withTemporaryFolder(work)
                        .withDirectives(folder.resolve("compilers"))
                        .running(
                                HostCommand.HOST,
                                path.toString(),
                                Long.toString(settings.exercise().toMillis())));
                builder.environment().clear();
                builder.directory(work.toFile());
                builder.redirectErrorStream(true);
                Process process = builder.start();
                processes.add(process);
                if (closed) {
                    process.destroyForcibly();
                }
                process.getOutputStream().close();
                // A read of a pipe holds its carrier: with as many hosts as cores, no virtual thread would run again.
                Thread.ofPlatform().daemon().name("function-host-output").start(() -> drain(process));
                long timer = vertx.setTimer(
                        settings.bootTimeout().toMillis(),
                        id -> booted.tryFail(new NoHostException("a function host did not boot in time")));
                booted.future().onComplete(result -> vertx.cancelTimer(timer));
                booted.future().onFailure(failure -> process.destroyForcibly());
                exit(process).onComplete(ended -> {
                    processes.remove(process);
                    booted.tryFail(new NoHostException(
                            "a function host exited with " + process.exitValue() + " while booting"));
                    over.tryComplete();
                });
                started.complete(process);
            } catch (IOException | RuntimeException e) {
                fail(e);
            }
        }

        /** The host has connected: its first frame tells who it is. */
        private void greet(NetSocket socket) {
            if (!connected.compareAndSet(false, true)) {
                socket.close();
                return;
            }
            FrameSplitter splitter = new FrameSplitter();
            AtomicReference<@Nullable HostProcess> host = new AtomicReference<>();
            socket.pause();
            started.future().onSuccess(process -> {
                socket.handler(data -> {
                    try {
                        byte[] bytes = data.getBytes();
                        splitter.feed(bytes, 0, bytes.length, frame -> {
                            HostProcess known = host.get();
                            if (known == null) {
                                host.set(hello(process, socket, frame));
                            } else {
                                known.receive(frame);
                            }
                        });
                    } catch (WireException e) {
                        HostProcess known = host.get();
                        if (known == null) {
                            booted.tryFail(e);
                            socket.close();
                        } else {
                            known.kill("it broke the protocol: " + e.getMessage());
                        }
                    }
                });
                socket.resume();
            });
        }

        private HostProcess hello(Process process, NetSocket socket, Frame frame) {
            if (frame.type() != FrameType.HELLO || frame.u64() != process.pid()) {
                throw new WireException("the first frame is not this host's greeting");
            }
            HostProcess.Greeting greeting =
                    new HostProcess.Greeting(frame.string(), HostWall.ofBits(frame.u16()), frame.string());
            HostProcess host = new HostProcess(process, socket, vertx.getOrCreateContext(), memoryBytes, greeting);
            if (settings.requireLockdown() && !greeting.walls().containsAll(HostWall.ALL)) {
                host.kill("it is not locked down");
                booted.tryFail(new NoHostException(
                        "functions.requireLockdown is set, and this kernel refused: " + greeting.refusedWalls()));
                return host;
            }
            if (!booted.tryComplete(host)) {
                host.kill("it came too late");
            }
            return host;
        }
    }

    private static void drain(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int count = 0;
            char[] line = new char[512];
            int length;
            while ((length = lines.read(line)) >= 0) {
                String text = new String(line, 0, length).strip();
                if (!text.startsWith(HostCommand.DIRECTIVES_READ) && count++ < MAX_OUTPUT_LINES) {
                    LOG.info("function host {}: {}", process.pid(), text);
                }
            }
        } catch (IOException e) {
            LOG.debug("function host {}: its output ended: {}", process.pid(), e.getMessage());
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot delete {}: {}", folder, e.getMessage());
        }
    }
}
