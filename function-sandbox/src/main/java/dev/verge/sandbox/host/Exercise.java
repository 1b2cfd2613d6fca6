package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.host.crypto.Warmup;
import dev.verge.sandbox.wire.FrameSplitter;
import dev.verge.sandbox.wire.FrameType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Work for the compiler before there is any: a host that has done it answers its first tenant's first request quickly. Runs a function
 * of the platform's own through the same path as a tenant's, and leaves nothing behind but compiled code.
 */
final class Exercise {
    /** Enough to have every class loaded, so that a call is not charged for it. */
    private static final int FEW_CALLS = 10;

    /** Enough for the compiler to have seen what is hot. */
    private static final int MANY_CALLS = 20_000;

    private static final int AT_A_TIME = 8;

    /** Functions that are loaded for the first time: a context, its modules, a call, and their end. */
    private static final int STARTS = 200;

    /** How much of the time they may take: the rest is for calls. */
    private static final int STARTS_SHARE = 2;

    private Exercise() {}

    /** As many calls as have every class loaded. */
    static void begin(ContextFactory contexts) {
        run(contexts, "exercise.js", FEW_CALLS, Long.MAX_VALUE);
        stop(contexts);
    }

    /** Until the compiler has seen what is hot, but no longer than that. */
    static void goOn(ContextFactory contexts, Duration longest) {
        long begun = System.nanoTime();
        Warmup.run();
        starts(contexts, longest.toNanos() / STARTS_SHARE);
        run(contexts, "exercise.js", MANY_CALLS, longest.toNanos() - (System.nanoTime() - begun));
    }

    /** A tenant's functions come one after the other, each for the first time: the first few dozen took several times as long as those after them. */
    private static void starts(ContextFactory contexts, long longestNanos) {
        Semaphore room = new Semaphore(0);
        Outbox count = counting(room);
        long start = System.nanoTime();
        for (int i = 0; i < STARTS && System.nanoTime() - start < longestNanos; i++) {
            LoadedFunction function = function(
                    "const NAME = 'exercise " + i + "';\n"
                            + "export default { async fetch(request) { return Response.json({ name: NAME, url: new URL(request.url).pathname }); } };",
                    FunctionLimits.DEFAULT);
            HostCall call =
                    new HostCall(i, "exercise", "GET", "http://verge.example/start", List.of(), function.limits);
            function.give(call, contexts, count, isolate -> {});
            room.acquireUninterruptibly();
            function.retire();
        }
    }

    /** Once what functions use seldom, for a JVM that is to know its classes. */
    static void everything(ContextFactory contexts) {
        run(contexts, "training.js", 1, Long.MAX_VALUE);
    }

    private static void run(ContextFactory contexts, String file, int calls, long longestNanos) {
        Semaphore room = new Semaphore(AT_A_TIME);
        Outbox count = counting(room);
        LoadedFunction function = function(source(file), FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(2)));
        List<HeaderField> headers = List.of(
                new HeaderField("host", "verge.example"),
                new HeaderField("accept", "text/html,application/json;q=0.9"),
                new HeaderField("user-agent", "exercise/1.0"));
        long start = System.nanoTime();
        for (int i = 0; i < calls && System.nanoTime() - start < longestNanos; i++) {
            room.acquireUninterruptibly();
            HostCall call =
                    new HostCall(i, "exercise", "GET", "http://verge.example/work?item=" + i, headers, function.limits);
            function.give(call, contexts, count, isolate -> {});
        }
        room.acquireUninterruptibly(AT_A_TIME);
        function.retire();
    }

    /** Practises the stop of a function that is over its limit, so that the first one in earnest is quick. */
    private static void stop(ContextFactory contexts) {
        Semaphore stopped = new Semaphore(0);
        LoadedFunction function = function(
                "export default { fetch() { for (;;) {} } };", FunctionLimits.DEFAULT.withCpu(Duration.ofMillis(5)));
        function.warmUp.use(Long.MAX_VALUE);
        HostCall call = new HostCall(0, "exercise", "GET", "http://verge.example/", List.of(), function.limits);
        function.give(call, contexts, counting(stopped), isolate -> {});
        stopped.acquireUninterruptibly();
    }

    private static LoadedFunction function(String source, FunctionLimits limits) {
        FunctionBundle bundle = FunctionBundle.ofSource(source);
        byte[] code = bundle.toBytes();
        LoadedFunction function = new LoadedFunction(
                "exercise", bundle.sha256(), limits, Map.of("NAME", "value"), Map.of(), code.length, call -> {});
        function.code(code);
        return function;
    }

    private static Outbox counting(Semaphore ends) {
        return frames -> new FrameSplitter().feed(frames, 0, frames.length, frame -> {
            if (frame.type() == FrameType.FINISHED) {
                ends.release();
            }
        });
    }

    private static String source(String file) {
        try (InputStream in = Exercise.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
