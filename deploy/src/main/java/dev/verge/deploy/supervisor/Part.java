package dev.verge.deploy.supervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One life after another of one process. Its standard input is a pipe that nobody writes to: it ends when this supervisor does,
 * however that happened, and tells the process to end as well.
 */
final class Part {
    /** A line without end would otherwise be collected without end. */
    private static final int LONGEST_LINE = 64 * 1024;

    /** For what a process said last to be read, on a machine that has much else to do. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(3);

    /** Where a process that ended left word of why. */
    private static final String LAST_WORDS = "verge: ";

    /**
     * The end of one life.
     *
     * @param reason one phrase: how it ended, and its own last words where it had any
     */
    record Ended(Part part, long pid, Duration lived, String reason) {}

    /** What makes a node's process the successor of another one. */
    private static final String TAKE_OVER = "--take-over";

    private final PartSpec spec;
    private final Map<String, String> environment;
    private final PartLog log;
    private final LogDigest digest;
    private final Console console;
    private final RestartPause pause = new RestartPause();
    private @Nullable Process process;
    private @Nullable Process predecessor;
    private volatile @Nullable String lastWords;

    Part(PartSpec spec, Map<String, String> environment, PartLog log, LogDigest digest, Console console) {
        this.spec = spec;
        this.environment = environment;
        this.log = log;
        this.digest = digest;
        this.console = console;
    }

    PartSpec spec() {
        return spec;
    }

    PartLog log() {
        return log;
    }

    RestartPause pause() {
        return pause;
    }

    /**
     * Starts a life and says so on the console.
     *
     * @param ended told once, from a thread of its own, when this life is over and its output read
     */
    synchronized void start(Consumer<Ended> ended) throws IOException {
        start(spec.command(), ended);
    }

    private void start(List<String> command, Consumer<Ended> ended) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        long born = System.nanoTime();
        Process started = builder.start();
        process = started;
        lastWords = null;
        console.line(spec.name() + " pid " + started.pid() + " " + spec.address());
        Thread reader =
                Thread.ofPlatform().daemon().name("output of " + spec.name()).start(() -> read(started));
        Thread.ofPlatform().daemon().name("end of " + spec.name()).start(() -> {
            try {
                int exit = started.waitFor();
                // Its children may hold the pipe open for longer; the last words are its own and already there.
                reader.join(LAST_OUTPUT);
                if (tookPart(started, exit)) {
                    return;
                }
                Duration lived = Duration.ofNanos(System.nanoTime() - born);
                ended.accept(new Ended(this, started.pid(), lived, reason(exit)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * Starts a process that takes the place of the one that runs; that one ends by itself, which is no reason to tell anybody.
     *
     * @param ended as in {@link #start}, of the new process
     */
    synchronized void succeed(Consumer<Ended> ended) throws IOException {
        predecessor = process;
        start(Stream.concat(spec.command().stream(), Stream.of(TAKE_OVER)).toList(), ended);
    }

    /** Whether this was the end of one of two, and the other one goes on. */
    private synchronized boolean tookPart(Process one, int exit) {
        Process before = predecessor;
        if (!one.equals(process)) {
            predecessor = null;
            console.line(spec.name() + " pid " + one.pid() + " has handed over: " + ExitReason.of(exit));
            return true;
        }
        predecessor = null;
        if (before == null || !before.isAlive()) {
            return false;
        }
        process = before;
        console.line(spec.name() + " pid " + one.pid() + " could not take over: " + reason(exit) + "; pid "
                + before.pid() + " goes on");
        lastWords = null;
        return true;
    }

    /** The process that is ending because this one's took its place, if it has not ended yet. */
    synchronized boolean handsOver() {
        return predecessor != null;
    }

    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /** Asks the process to end; {@link #awaitEnd} follows. */
    synchronized void askToEnd() {
        if (process != null) {
            // Not the process's own destroy(), which also closes its streams: what it says while it stops is still
            // wanted.
            process.toHandle().destroy();
        }
    }

    /** Waits until it has ended, and kills it when its grace is over. */
    void awaitEnd() throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running == null) {
            return;
        }
        if (!running.waitFor(spec.grace().toMillis(), TimeUnit.MILLISECONDS)) {
            console.line(spec.name() + " pid " + running.pid() + " did not stop within "
                    + spec.grace().toSeconds() + " s: killed");
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
            running.waitFor();
        }
    }

    private String reason(int exit) {
        String how = ExitReason.of(exit);
        String words = lastWords;
        return words == null ? how : words + " (" + how + ")";
    }

    private void read(Process started) {
        try (Reader output =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int c = output.read(); c >= 0; c = output.read()) {
                if (c != '\n') {
                    line.append((char) c);
                }
                if (c == '\n' || line.length() >= LONGEST_LINE) {
                    take(line.toString());
                    line.setLength(0);
                }
            }
            if (!line.isEmpty()) {
                take(line.toString());
            }
        } catch (IOException closed) {
            // Ending a process closes its streams; only one that goes on has lost its voice.
            if (started.isAlive()) {
                digest.tell("its output is lost: " + closed.getMessage());
            }
        }
    }

    private void take(String line) {
        log.line(line);
        if (line.startsWith(LAST_WORDS)) {
            lastWords = line.substring(LAST_WORDS.length());
        } else {
            digest.take(line);
        }
    }
}
