package dev.verge.sandbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A runtime with real host processes, and short ways to call functions in it. */
final class Lab implements AutoCloseable {
    private static @Nullable Lab shared;

    static final Duration PATIENCE = Duration.ofSeconds(30);

    final Vertx vertx = Vertx.vertx();
    final FunctionRuntime runtime;
    final Context context = vertx.getOrCreateContext();

    Lab() {
        this(settings());
    }

    /** As of this class path; patient, because builds share the machine. */
    static HostSettings settings() {
        return HostSettings.fromClassPath().withQueueTimeout(PATIENCE);
    }

    /** One for all test classes that only call functions: a host takes seconds to boot. Ends with this process. */
    static synchronized Lab shared() {
        Lab known = shared;
        if (known == null) {
            known = new Lab(settings().withHosts(0, 4));
            shared = known;
            Runtime.getRuntime().addShutdownHook(new Thread(known::close));
        }
        return known;
    }

    Lab(HostSettings settings) {
        runtime = FunctionRuntime.create(vertx, settings, new SimpleMeterRegistry());
    }

    /** What came of a call, read to its end. */
    record Answer(FunctionResult result, String body, InvocationRecord record) {
        String logs() {
            StringBuilder text = new StringBuilder();
            record.logs()
                    .forEach(line -> text.append(line.level())
                            .append(": ")
                            .append(line.text())
                            .append('\n'));
            return text.toString();
        }

        @Nullable
        String header(String name) {
            return result.headers().stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(HeaderField::value)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A call that a test fills in. */
    record Ask(
            String account,
            FunctionBundle bundle,
            FunctionLimits limits,
            Map<String, String> env,
            String method,
            String url,
            List<HeaderField> headers,
            @Nullable ReadStream<Buffer> body,
            SubrequestHandler subrequests) {
        static Ask of(String source) {
            return new Ask(
                    "acme",
                    FunctionBundle.ofSource(source),
                    // Tests of the limit set it; for the others new code on a slow machine is to have enough.
                    FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(10)),
                    Map.of(),
                    "GET",
                    "http://site.example/path?a=1",
                    List.of(),
                    null,
                    SubrequestHandler.NONE);
        }

        Ask account(String value) {
            return new Ask(value, bundle, limits, env, method, url, headers, body, subrequests);
        }

        Ask bundle(FunctionBundle value) {
            return new Ask(account, value, limits, env, method, url, headers, body, subrequests);
        }

        Ask limits(FunctionLimits value) {
            return new Ask(account, bundle, value, env, method, url, headers, body, subrequests);
        }

        Ask env(Map<String, String> value) {
            return new Ask(account, bundle, limits, value, method, url, headers, body, subrequests);
        }

        Ask url(String value) {
            return new Ask(account, bundle, limits, env, method, value, headers, body, subrequests);
        }

        Ask headers(HeaderField... value) {
            return new Ask(account, bundle, limits, env, method, url, List.of(value), body, subrequests);
        }

        Ask post(@Nullable ReadStream<Buffer> value) {
            return new Ask(account, bundle, limits, env, "POST", url, headers, value, subrequests);
        }

        Ask subrequests(SubrequestHandler value) {
            return new Ask(account, bundle, limits, env, method, url, headers, body, value);
        }

        /** The version that it asks, with bindings. */
        FunctionVersion version(Map<String, FunctionBinding> bindings) {
            return new FunctionVersion(account, "test", "1", bundle.sha256(), limits, env, bindings, false);
        }

        FunctionCall call() {
            FunctionVersion function = version(Map.of());
            return new FunctionCall(
                    function,
                    () -> Future.succeededFuture(bundle),
                    "request-1",
                    method,
                    url,
                    headers,
                    body,
                    subrequests);
        }
    }

    Future<FunctionInvocation> start(Ask ask) {
        return start(ask.call());
    }

    Future<FunctionInvocation> start(FunctionCall call) {
        return onContext(() -> Future.succeededFuture(runtime.start(call)));
    }

    Future<Answer> send(Ask ask) {
        return send(ask.call());
    }

    Future<Answer> send(FunctionCall call) {
        return onContext(() -> runtime.invoke(call).compose(this::read));
    }

    Answer ask(Ask ask) {
        return await(send(ask));
    }

    Answer ask(String source) {
        return ask(Ask.of(source));
    }

    private Future<Answer> read(FunctionResult result) {
        Promise<Buffer> whole = Promise.promise();
        Buffer all = Buffer.buffer();
        ReadStream<Buffer> body = result.body();
        if (body == null) {
            whole.complete(all);
        } else {
            body.handler(all::appendBuffer);
            body.endHandler(nothing -> whole.tryComplete(all));
            body.exceptionHandler(failure -> whole.tryComplete(all.appendString("<" + failure.getMessage() + ">")));
            body.resume();
        }
        return whole.future().compose(text -> result.done().map(record -> new Answer(result, text.toString(), record)));
    }

    <T> Future<T> onContext(Supplier<Future<T>> step) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(nothing -> step.get().onComplete(promise));
        return promise.future();
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("not in time", e);
        }
    }

    /** Waits for something that happens in another process. */
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }

            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        await(runtime.close());
        await(vertx.close());
    }
}
