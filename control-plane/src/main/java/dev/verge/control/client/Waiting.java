package dev.verge.control.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks again, with growing pauses, until the answer is the wanted one or the time is up. */
final class Waiting {
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private Waiting() {}

    static <T> Future<T> until(Vertx vertx, Duration timeout, Supplier<Future<T>> ask, Predicate<T> done) {
        Promise<T> promise = Promise.promise();
        ask(vertx, System.nanoTime() + timeout.toNanos(), FIRST_PAUSE_MILLIS, ask, done, promise);
        return promise.future();
    }

    private static <T> void ask(
            Vertx vertx, long deadline, long pause, Supplier<Future<T>> ask, Predicate<T> done, Promise<T> promise) {
        ask.get().onComplete(answer -> {
            if (answer.failed()) {
                promise.fail(answer.cause());
            } else if (done.test(answer.result()) || System.nanoTime() - deadline >= 0) {
                promise.complete(answer.result());
            } else {
                vertx.setTimer(
                        pause,
                        timer -> ask(vertx, deadline, Math.min(2 * pause, LONGEST_PAUSE_MILLIS), ask, done, promise));
            }
        });
    }
}
