package dev.verge.deploy.command;

import dev.verge.deploy.logging.LogSetup;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps a server in the foreground until SIGTERM, Ctrl-C or, when supervised, the end of standard input, and then closes it
 * cleanly. A clean end is exit code 0 however it was asked for.
 */
final class Foreground {
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
        T server = start.get().await();
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int exit = closed(close.apply(server), environment) ? 0 : CommandFailure.FAILED;
                            LogSetup.flush();
                            // Otherwise the JVM ends with the signal's number, which service managers take for a crash.
                            Runtime.getRuntime().halt(exit);
                        },
                        "shutdown"));
        var _ = ended.apply(server).onComplete(done -> end.countDown());
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
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
