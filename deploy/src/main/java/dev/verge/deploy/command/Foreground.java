package dev.verge.deploy.command;

import dev.verge.deploy.logging.LogSetup;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps a server in the foreground until SIGTERM, Ctrl-C or, when supervised, the end of standard input, and then closes it
 * cleanly. A clean end is exit code 0 however it was asked for.
 */
final class Foreground {
    /** How long a start may go on after the signal for the end. */
    private static final Duration START = Duration.ofSeconds(15);

    private Foreground() {}

    /**
     * @param start starts the server; a failed future ends the command with its message
     * @param close drains and frees it
     */
    static <T> int run(Environment environment, Supplier<Future<T>> start, Function<T, Future<?>> close) {
        return run(environment, start, close, server -> Future.future(never -> {}));
    }

    /**
     * Likewise, for a server that may end by itself.
     *
     * @param ended completes when it has, in order
     */
    static <T> int run(
            Environment environment,
            Supplier<Future<T>> start,
            Function<T, Future<?>> close,
            Function<T, Future<?>> ended) {
        if (environment.supervised()) {
            endWith(environment.in());
        }
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<T> started = new CompletableFuture<>();
        AtomicBoolean ending = new AtomicBoolean();
        boolean clean = Signals.endCleanly();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            boolean failed = started.isCompletedExceptionally();
                            ending.set(true);
                            int exit = !failed && ended(started, close, environment) ? 0 : CommandFailure.FAILED;
                            LogSetup.flush();
                            // Files that libraries unpacked go after the hooks, so an end that needs nothing else is
                            // left to it.
                            if (exit != 0 || !clean) {
                                Runtime.getRuntime().halt(exit);
                            }
                        },
                        "shutdown"));
        T server;
        try {
            server = start.get().await();
            started.complete(server);
        } catch (Throwable failure) {
            boolean stopped = ending.get();
            started.completeExceptionally(failure);
            if (stopped) {
                // The end came first, and is why: nobody needs to hear of it.
                return 0;
            }
            throw failure;
        }
        var _ = ended.apply(server).onComplete(done -> end.countDown());
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** An end that comes while it starts waits for the start, so that nothing half made is left behind. */
    private static <T> boolean ended(
            CompletableFuture<T> started, Function<T, Future<?>> close, Environment environment) {
        try {
            return closed(close.apply(started.get(START.toSeconds(), TimeUnit.SECONDS)), environment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException stopped) {
            return true;
        } catch (TimeoutException e) {
            environment.err().println("verge: ended while it was starting");
            return false;
        }
    }

    private static boolean closed(Future<?> closing, Environment environment) {
        try {
            closing.toCompletionStage().toCompletableFuture().join();
            return true;
        } catch (RuntimeException failure) {
            environment.err().println(Report.oneLine("verge: did not stop cleanly: " + failure.getMessage()));
            return false;
        }
    }

    /** The supervisor holds the other end and never writes: the end of the stream is the end of the supervisor. */
    private static void endWith(InputStream in) {
        Thread.ofPlatform().daemon().name("supervisor watch").start(() -> {
            try {
                while (in.read() >= 0) {
                    // Nothing is ever written, and if something is, it means nothing.
                }
            } catch (IOException broken) {
                // As good as its end.
            }
            System.exit(0);
        });
    }
}
