package dev.verge.node.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.exchange.Body;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressionTest {
    private static final Buffer PIECE = Buffer.buffer("one line of many that look alike\n".repeat(3000));

    private Vertx vertx;
    private Context context;

    @BeforeAll
    void start() {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
    }

    @AfterAll
    void stop() {
        await(vertx.close());
    }

    @ParameterizedTest
    @EnumSource(value = Coding.class, names = "IDENTITY", mode = Mode.EXCLUDE)
    void asksTheSourceForNoMoreThanItsReaderTakes(Coding coding) {
        Semaphore free = new Semaphore(1);
        Endless source = new Endless(200);
        Body.Streamed coded = open(source, coding, free);
        Promise<Buffer> whole = Promise.promise();
        Buffer got = Buffer.buffer();
        onLoop(() -> {
            coded.stream().exceptionHandler(whole::tryFail);
            coded.stream().endHandler(ended -> whole.tryComplete(got));
            coded.stream().handler(piece -> {
                got.appendBuffer(piece);
                // What the encoder keeps back for itself, and no more: the rest waits at the source.
                coded.stream().pause();
                int given = source.given;
                context.runOnContext(ignored -> {
                    if (source.given > given + 1) {
                        whole.tryFail("the source ran ahead");
                    }
                    coded.stream().fetch(1);
                });
            });
            coded.stream().fetch(1);
            return Future.succeededFuture();
        });

        byte[] plain = Decoded.of(coding.word(), await(whole.future()).getBytes());

        assertThat(plain).hasSize(200 * PIECE.length());
        assertThat(plain).startsWith(PIECE.getBytes()).endsWith(PIECE.getBytes());
        assertThat(free.availablePermits()).isOne();
    }

    @ParameterizedTest
    @EnumSource(value = Coding.class, names = "IDENTITY", mode = Mode.EXCLUDE)
    void aSourceThatBreaksOffNeverLooksComplete(Coding coding) {
        Semaphore free = new Semaphore(1);
        Endless source = new Endless(20);
        source.breaksAfter = 10;
        Body.Streamed coded = open(source, coding, free);
        Promise<Buffer> failed = Promise.promise();
        AtomicBoolean ended = new AtomicBoolean();
        Buffer got = Buffer.buffer();
        onLoop(() -> {
            coded.stream().exceptionHandler(broken -> failed.complete(got));
            coded.stream().endHandler(end -> ended.set(true));
            coded.stream().handler(got::appendBuffer);
            coded.stream().resume();
            return Future.succeededFuture();
        });

        byte[] bytes = await(failed.future()).getBytes();

        assertThat(Decoded.isComplete(coding.word(), bytes)).isFalse();
        assertThat(ended).isFalse();
        awaitPermit(free);
    }

    @Test
    void whatIsGivenUpFreesItsEncoder() {
        Semaphore free = new Semaphore(1);
        Endless source = new Endless(1000);
        Body.Streamed coded = open(source, Coding.BR, free);
        Promise<Void> some = Promise.promise();
        onLoop(() -> {
            coded.stream().handler(piece -> some.tryComplete());
            coded.stream().resume();
            return Future.succeededFuture();
        });
        await(some.future());

        coded.cancel().run();

        awaitPermit(free);
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void withoutAFreeEncoderTheContentStaysAsItIs() {
        Semaphore none = new Semaphore(0);

        Optional<Body> coded = await(
                onLoop(() -> Future.succeededFuture(compression(none).compress(new Body.Whole(PIECE), Coding.GZIP))));

        assertThat(coded).isEmpty();
    }

    private Compression compression(Semaphore free) {
        return new Compression(vertx, free, (coding, in, out) -> {});
    }

    private Body.Streamed open(Endless source, Coding coding, Semaphore free) {
        Body body = new Body.Streamed(source, -1, () -> source.cancelled = true);
        return await(onLoop(() -> Future.succeededFuture(
                compression(free).compress(body, coding).orElseThrow().streamed())));
    }

    private <T> Future<T> onLoop(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(ignored -> work.get().onComplete(done));
        return done.future();
    }

    private static void awaitPermit(Semaphore free) {
        try {
            assertThat(free.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("waited in vain: " + e.getMessage(), e);
        }
    }

    /** Gives pieces as long as it is asked. */
    private static final class Endless implements ReadStream<Buffer> {
        volatile boolean cancelled;
        int breaksAfter = Integer.MAX_VALUE;
        private final int pieces;
        private int given;
        private boolean flows;
        private @Nullable Handler<Buffer> handler;
        private @Nullable Handler<Void> endHandler;
        private @Nullable Handler<Throwable> exceptionHandler;

        Endless(int pieces) {
            this.pieces = pieces;
        }

        private void give() {
            if (!flows || cancelled) {
                return;
            }
            if (given == breaksAfter) {
                Objects.requireNonNull(exceptionHandler).handle(new IllegalStateException("broken"));
            } else if (given == pieces) {
                Objects.requireNonNull(endHandler).handle(null);
            } else {
                given++;
                Objects.requireNonNull(handler).handle(PIECE);
                if (flows) {
                    Objects.requireNonNull(Vertx.currentContext()).runOnContext(ignored -> give());
                }
            }
        }

        @Override
        public Endless exceptionHandler(@Nullable Handler<Throwable> next) {
            exceptionHandler = next;
            return this;
        }

        @Override
        public Endless handler(@Nullable Handler<Buffer> next) {
            handler = next;
            return this;
        }

        @Override
        public Endless pause() {
            flows = false;
            return this;
        }

        @Override
        public Endless resume() {
            if (!flows) {
                flows = true;
                Objects.requireNonNull(Vertx.currentContext()).runOnContext(ignored -> give());
            }
            return this;
        }

        @Override
        public Endless fetch(long amount) {
            return resume();
        }

        @Override
        public Endless endHandler(@Nullable Handler<Void> next) {
            endHandler = next;
            return this;
        }
    }
}
