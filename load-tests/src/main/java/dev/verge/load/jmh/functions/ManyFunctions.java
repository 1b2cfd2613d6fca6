package dev.verge.load.jmh.functions;

import dev.verge.load.jmh.Machine;
import dev.verge.load.jmh.Report;
import dev.verge.load.jmh.Samples;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.RuntimeStatus;
import dev.verge.sandbox.SubrequestHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The first call of each of many functions, one at a time, and the memory of their host, through the runtime that a node has and real
 * host processes. Without HTTP, and without a push, whose check takes a host of its own.
 */
public final class ManyFunctions {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ONE = "many";

    /** After which an idle host has collected what nobody holds. */
    private static final Duration IDLE = Duration.ofSeconds(4);

    private final Report report;
    private final Vertx vertx = Vertx.vertx();
    private final FunctionRuntime runtime;

    /** With places for that many accounts, one more and a spare. */
    private ManyFunctions(HostSettings hosts, int accounts, Report report) {
        this.report = report;
        this.runtime = FunctionRuntime.create(vertx, hosts.withHosts(1, accounts + 2), new SimpleMeterRegistry());
    }

    /** Arguments: {@code java}, the folders of the hosts' jars and of the compiler, functions of one account, accounts of one function. */
    public static void main(String[] arguments) {
        HostSettings hosts =
                HostSettings.fromDirectories(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        Report report = new Report(System.out);
        report.text(Machine.describe());
        int accounts = Integer.parseInt(arguments[4]);
        ManyFunctions many = new ManyFunctions(hosts, accounts, report);
        try {
            report.header("what", "n", "p50, ms", "p99, ms", "max, ms");
            many.accounts(accounts);
            many.functions(Integer.parseInt(arguments[3]));
        } finally {
            many.close();
        }
    }

    /** Each takes a spare host that has practised; the next one boots meanwhile, and is waited for. */
    private void accounts(int count) {
        Samples first = new Samples(count);
        for (int i = 0; i < count; i++) {
            awaitSpare();
            call("account-" + i, i, first);
        }
        row("first call of an account, from a spare host", first);
    }

    private void functions(int count) {
        awaitSpare();
        Samples opening = new Samples(1);
        call(ONE, 0, opening);
        long bare = idleMebibytes();
        Samples first = new Samples(count);
        int some = Math.min(count, 200);
        for (int i = 1; i <= some; i++) {
            call(ONE, i, first);
        }
        long loaded = idleMebibytes();
        for (int i = some + 1; i <= count; i++) {
            call(ONE, i, first);
        }
        row("first call of a function in its account's warm host", first);
        long all = idleMebibytes();
        Samples again = new Samples(count);
        int cold = 0;
        for (int i = 1; i <= count; i++) {
            cold += call(ONE, i, again).coldStart().isZero() ? 0 : 1;
        }
        row("second call of each, %d of them cold again".formatted(cold), again);
        Samples warm = new Samples(some);
        for (int i = count - some + 1; i <= count; i++) {
            call(ONE, i, warm);
        }
        row("call of a function that is there", warm);
        report.header("idle host, MiB resident", "value");
        report.row("with one function", bare);
        report.row("with %d".formatted(some + 1), loaded);
        report.row("KiB a function between them", (double) (loaded - bare) * 1024 / some);
        report.row("with %d deployed".formatted(count + 1), all);
    }

    private void row(String what, Samples samples) {
        report.row(
                what, samples.count(), samples.micros(50) / 1e3, samples.micros(99) / 1e3, samples.micros(100) / 1e3);
    }

    private InvocationRecord call(String account, int number, Samples samples) {
        FunctionBundle bundle = FunctionBundle.ofSource("""
                const NAME = 'function %d';
                export default { async fetch(request) { return Response.json({ name: NAME, path: new URL(request.url).pathname }); } };
                """.formatted(number));
        FunctionVersion version = new FunctionVersion(
                account, "function-" + number, "1", bundle.sha256(), FunctionLimits.DEFAULT, Map.of());
        FunctionCall call = new FunctionCall(
                version,
                () -> Future.succeededFuture(bundle),
                "request",
                "GET",
                "http://site.example/path",
                List.of(),
                null,
                SubrequestHandler.NONE);
        Promise<InvocationRecord> done = Promise.promise();
        long start = System.nanoTime();
        vertx.getOrCreateContext()
                .runOnContext(nothing -> runtime.invoke(call)
                        .compose(result -> read(result).compose(body -> {
                            samples.add(System.nanoTime() - start);
                            return result.done();
                        }))
                        .onComplete(done));
        InvocationRecord record =
                done.future().toCompletionStage().toCompletableFuture().join();
        if (record.outcome() != FunctionOutcome.OK) {
            throw new IllegalStateException(version + " ended as " + record.outcome() + ": " + record.logs());
        }
        return record;
    }

    private static Future<Buffer> read(FunctionResult result) {
        ReadStream<Buffer> body = result.body();
        if (body == null) {
            return Future.succeededFuture(Buffer.buffer());
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer all = Buffer.buffer();
        body.handler(all::appendBuffer)
                .endHandler(nothing -> whole.complete(all))
                .exceptionHandler(whole::tryFail);
        body.resume();
        return whole.future();
    }

    private void awaitSpare() {
        until("a spare host that has practised", () -> runtime.status().spares() == 1);
    }

    /** Resident memory of the account's host when it has had nothing to do for a while. */
    private long idleMebibytes() {
        LockSupport.parkNanos(IDLE.toNanos());
        return runtime.status().hosts().stream()
                        .filter(host -> host.account().equals(ONE))
                        .mapToLong(RuntimeStatus.Host::residentBytes)
                        .sum()
                >> 20;
    }

    private static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not in time: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void close() {
        try {
            runtime.close()
                    .compose(nothing -> vertx.close())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the hosts do not end", e);
        }
    }
}
