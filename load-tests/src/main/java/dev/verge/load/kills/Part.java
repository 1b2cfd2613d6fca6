package dev.verge.load.kills;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A process of the platform, which is killed without a word and started again. */
final class Part {
    private final String name;
    private final List<String> command;
    private final Path log;
    private final AtomicInteger kills = new AtomicInteger();
    private @Nullable Process process;

    Part(String name, Path folder, List<String> command) {
        this.name = name;
        this.command = command;
        this.log = folder.resolve(name + ".log");
    }

    String name() {
        return name;
    }

    int kills() {
        return kills.get();
    }

    synchronized void start() {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it unless it runs: a database that still finds the remains of the one before gives up at first. */
    synchronized void ensure() {
        if (process == null || !process.isAlive()) {
            start();
        }
    }

    /** SIGKILL, and gone when this returns. */
    synchronized void kill() throws InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            kills.incrementAndGet();
            running.destroyForcibly().waitFor();
        }
    }

    /** The end of the drill. */
    synchronized void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
    }
}
