package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Host processes: whose they are, how they end, and what others notice of it. */
class HostLifeTest {
    private static final String HELLO = "export default { fetch: () => new Response('hello') };";
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = new Lab(Lab.settings().withHosts(0, 6));
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    private static long pidOf(String account) {
        return lab.runtime.status().hosts().stream()
                .filter(host -> host.account().equals(account))
                .mapToLong(RuntimeStatus.Host::pid)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void givesEachAccountAProcessOfItsOwn() {
        lab.ask(Ask.of(HELLO).account("one"));
        lab.ask(Ask.of(HELLO).account("two"));
        assertThat(pidOf("one")).isPositive().isNotEqualTo(pidOf("two"));
    }

    @Test
    void sharedFunctionsOfAllAccountsHaveOneProcessAndItsDangers() {
        String counts = "let calls = 0; globalThis.mark ??= '%s';"
                + " export default { fetch: (request, env) => new Response([env.NAME, globalThis.mark, ++calls].join()) }";
        Answer own = lab.ask(Ask.of(HELLO).account("one"));
        Answer a = Lab.await(
                lab.send(shared(Ask.of(counts.formatted("a")).account("one").env(Map.of("NAME", "A")))));
        Answer b = Lab.await(
                lab.send(shared(Ask.of(counts.formatted("b")).account("two").env(Map.of("NAME", "B")))));
        assertThat(own.body()).isEqualTo("hello");
        assertThat(List.of(a.body(), b.body())).containsExactly("A,a,1", "B,b,1");
        long together = pidOf(FunctionVersion.SHARED);
        assertThat(together).isPositive().isNotEqualTo(pidOf("one"));
        assertThat(b.record().function().account()).isEqualTo("two");

        // Limits are each function's own, in one process as well.
        Future<Answer> loop = lab.send(shared(Ask.of("export default { fetch() { while (true) {} } }")
                .account("two")
                .limits(FunctionLimits.DEFAULT)));
        FunctionInvocation waits = Lab.await(lab.start(
                shared(Ask.of("export default { async fetch() { await new Promise((r) => setTimeout(r, 20000)); } }")
                        .account("three")
                        .post(null))));
        assertThat(Lab.await(loop).result().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(Lab.await(lab.send(shared(Ask.of(HELLO).account("one")))).body())
                .isEqualTo("hello");
        assertThat(pidOf(FunctionVersion.SHARED)).isEqualTo(together);

        // What a process of one's own saves from: another account's bomb ends calls here.
        long alone = pidOf("one");
        lab.send(shared(Ask.of("export default { fetch() { const all = []; for (;;) all.push(new Uint8Array(1e8)); } }")
                .account("two")));
        assertThat(Lab.await(waits.result()).outcome()).isEqualTo(FunctionOutcome.KILLED);
        assertThat(Lab.await(lab.send(shared(Ask.of(HELLO).account("one")))).body())
                .isEqualTo("hello");
        assertThat(pidOf(FunctionVersion.SHARED)).isNotEqualTo(together);
        assertThat(pidOf("one")).isEqualTo(alone);
    }

    private static FunctionCall shared(Ask ask) {
        FunctionCall call = ask.call();
        FunctionVersion own = call.function();
        return new FunctionCall(
                new FunctionVersion(
                        own.account(),
                        own.name(),
                        own.version(),
                        own.sha256(),
                        own.limits(),
                        own.env(),
                        own.bindings(),
                        true),
                call.bundle(),
                call.requestId(),
                call.method(),
                call.url(),
                call.headers(),
                call.body(),
                call.subrequests());
    }

    @Test
    void stopsALoopInTimeAndTheNeighbourDoesNotNotice() {
        lab.ask(Ask.of(HELLO).account("one"));
        Ask ask = Ask.of(
                        "export default { fetch(request) { while (request.url.endsWith('loop')) {} return new Response('hello'); } }")
                .account("two")
                .limits(FunctionLimits.DEFAULT);
        assertThat(lab.ask(ask).body()).isEqualTo("hello");
        long neighbour = pidOf("one");
        long start = System.nanoTime();
        Future<Answer> loop = lab.send(ask.url("http://site.example/loop"));
        assertThat(lab.ask(Ask.of(HELLO).account("one")).body()).isEqualTo("hello");
        Answer stopped = Lab.await(loop);
        assertThat(stopped.result().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        // New code has what its start left on top of its limit.
        Duration limit = FunctionLimits.DEFAULT.cpu();
        Duration most = limit.plus(FunctionLimits.DEFAULT.startup());
        assertThat(stopped.record().cpu()).isBetween(limit, most.plusMillis(100));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(pidOf("one")).isEqualTo(neighbour);
        assertThat(lab.ask(Ask.of(HELLO).account("two")).body()).isEqualTo("hello");
    }

    @Test
    void aMemoryBombEndsItsOwnHostOnly() {
        lab.ask(Ask.of(HELLO).account("one"));
        long neighbour = pidOf("one");
        Answer bomb =
                lab.ask(Ask.of("export default { fetch() { const all = []; for (;;) all.push(new Uint8Array(1e8)); } }")
                        .account("two"));
        assertThat(bomb.result().outcome()).isIn(FunctionOutcome.KILLED, FunctionOutcome.OVER_MEMORY);
        assertThat(bomb.result().status()).isEqualTo(503);
        assertThat(lab.ask(Ask.of(HELLO).account("one")).body()).isEqualTo("hello");
        assertThat(pidOf("one")).isEqualTo(neighbour);
        assertThat(lab.ask(Ask.of(HELLO).account("two")).body()).isEqualTo("hello");
    }

    @Test
    void aKilledHostFailsItsCallsCleanlyAndTheNextCallGoesToAFreshOne() {
        lab.ask(Ask.of(HELLO).account("two"));
        long before = pidOf("two");
        FunctionInvocation running = Lab.await(
                lab.start(Ask.of("export default { async fetch() { await new Promise((r) => setTimeout(r, 20000)); } }")
                        .account("two")));
        Lab.until(
                "the call runs",
                () -> lab.runtime.status().hosts().stream()
                        .anyMatch(host -> host.account().equals("two") && host.inFlight() == 1));
        ProcessHandle.of(before).orElseThrow().destroyForcibly();
        FunctionResult result = Lab.await(running.result());
        assertThat(result.outcome()).isEqualTo(FunctionOutcome.KILLED);
        assertThat(result.status()).isEqualTo(503);
        assertThat(lab.ask(Ask.of(HELLO).account("two")).body()).isEqualTo("hello");
        assertThat(pidOf("two")).isNotEqualTo(before);
    }

    @Test
    void aCheckWhoseHostIsKilledIsDoneInAnother() {
        Future<CheckResult> check = lab.runtime.check(
                FunctionBundle.of(
                        "main.ts",
                        Map.of(
                                "main.ts",
                                "export default { fetch(): Response { return new Response() } };"
                                        .getBytes(StandardCharsets.UTF_8))),
                FunctionLimits.DEFAULT);
        AtomicLong pid = new AtomicLong();
        Lab.until("the compiler runs", () -> {
            lab.runtime.status().hosts().stream()
                    .filter(host -> host.account().isEmpty() && host.inFlight() == 1)
                    .forEach(host -> pid.set(host.pid()));
            return pid.get() != 0;
        });
        ProcessHandle.of(pid.get()).orElseThrow().destroyForcibly();
        assertThat(Lab.await(check)).isInstanceOf(CheckResult.Passed.class);
    }

    @Test
    void streamsALargeBodyThroughWithLittleInMemory() {
        int chunkBytes = 32 << 10;
        int chunks = 2048;
        CRC32C sent = new CRC32C();
        CRC32C received = new CRC32C();
        int[] made = {0};
        Source source = new Source(() -> {
            if (made[0] == chunks) {
                return null;
            }
            Buffer numbered = Buffer.buffer(new byte[chunkBytes]).setInt(0, made[0]++);
            sent.update(numbered.getBytes());
            return numbered;
        });
        Ask ask = Ask.of("export default { fetch: (request) => new Response(request.body) };")
                .account("one")
                .limits(FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(2)))
                .post(source);
        long[] got = {0, 0};
        Future<InvocationRecord> done =
                lab.onContext(() -> lab.runtime.invoke(ask.call()).compose(result -> {
                    var body = result.body();
                    if (body == null) {
                        return Future.failedFuture("no body");
                    }
                    body.handler(data -> {
                        got[0] += data.length();
                        received.update(data.getBytes());
                        got[1] = Math.max(got[1], source.givenBytes - got[0]);
                        body.pause();
                        lab.context.runOnContext(nothing -> body.resume());
                    });
                    Promise<Void> whole = Promise.promise();
                    body.exceptionHandler(whole::tryFail);
                    body.endHandler(nothing -> whole.tryComplete());
                    body.resume();
                    return whole.future().compose(nothing -> result.done());
                }));
        InvocationRecord record = Lab.await(done);
        assertThat(record.outcome()).as(record.logs().toString()).isEqualTo(FunctionOutcome.OK);
        assertThat(got[0]).isEqualTo((long) chunks * chunkBytes);
        assertThat(received.getValue()).as("all of it, in order").isEqualTo(sent.getValue());
        assertThat(got[1]).as("bytes on their way").isLessThan(2 << 20);
    }

    @Test
    void checksBundles() {
        // What passes, what cannot be parsed and what has no handler is tried where functions are pushed.
        CodeError thrown = mistake("const a = 1;\nnull.b;\nexport default { fetch() {} };");
        assertThat(thrown.kind()).isEqualTo(Kind.STARTUP_EXCEPTION);
        assertThat(thrown.line()).isEqualTo(2);
        assertThat(mistake("for (;;) {}").kind()).isEqualTo(Kind.STARTUP_OVER_LIMIT);
    }

    private static CodeError mistake(String source) {
        CheckResult result = Lab.await(lab.runtime.check(FunctionBundle.ofSource(source), FunctionLimits.DEFAULT));
        assertThat(result).isInstanceOf(CheckResult.Failed.class);
        return ((CheckResult.Failed) result).errors().getFirst();
    }

    /** What every thread of a process has, from 0 to 19; -1 while they differ (proc(5), stat). */
    private static int niceOf(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            List<Integer> all = new ArrayList<>();
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                all.add(Integer.parseInt(
                        stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]));
            }
            return all.stream().distinct().count() == 1 ? all.getFirst() : -1;
        } catch (IOException e) {
            return -1; // a thread has ended meanwhile
        }
    }

    /** Whether this process may undo it: CAP_SYS_NICE of root. */
    private static boolean mayRestore() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        String effective = status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(effective.substring(7).strip(), 16) & (1L << 23)) != 0;
    }

    @Test
    void aSpareLetsOthersGoFirstUntilItIsSomebodysAndLeavesNoProcessAfterClose() throws IOException {
        Lab other = new Lab(Lab.settings().withHosts(1, 3));
        Lab.until("a spare is there", () -> other.runtime.status().hosts().size() == 1);
        long spare = other.runtime.status().hosts().getFirst().pid();
        int last = mayRestore() ? 19 : 0;
        Lab.until("it stands back", () -> niceOf(spare) == last);
        other.ask(HELLO);
        Lab.until("it has come forward", () -> niceOf(spare) == 0);
        List<Long> pids = other.runtime.status().hosts().stream()
                .map(RuntimeStatus.Host::pid)
                .toList();
        assertThat(pids).isNotEmpty();
        Lab.await(other.runtime.close());
        assertThat(pids)
                .allMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThatThrownBy(() -> other.ask(HELLO)).hasCauseInstanceOf(NoHostException.class);
        other.close();
    }

    /** Keeps all processors busy with calls of an account, one after the other, until it is over. */
    private static void keepBusy(String account, AtomicBoolean over) {
        Ask work = Ask.of(
                        "export default { fetch() { let s = 0; for (let i = 0; i < 3e6; i++) s = (s * 31 + i) | 0; return new Response(String(s)); } };")
                .account(account);
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            again(work, over);
        }
    }

    private static void again(Ask work, AtomicBoolean over) {
        if (!over.get()) {
            lab.send(work).onComplete(end -> again(work, over));
        }
    }

    @Test
    void longCallsStandBehindWhileAccountsShareAllProcessors() throws IOException {
        int behind = mayRestore() ? 5 : 0;
        lab.ask(Ask.of(HELLO).account("one"));
        lab.ask(Ask.of(HELLO).account("two"));
        AtomicBoolean over = new AtomicBoolean();
        keepBusy("one", over);
        keepBusy("two", over);
        Lab.until("its host stands behind", () -> niceOf(pidOf("one")) == behind);
        over.set(true);
        Lab.until("it has come forward", () -> niceOf(pidOf("one")) == 0);
    }

    @Test
    void aTenantThatPausesGivesWayToASpareOnceAccountsHaveToWaitForAPlace() {
        Lab other = new Lab(Lab.settings().withHosts(1, 2).withIdleTimeout(Duration.ofSeconds(30)));
        Lab.until("a spare is there", () -> other.runtime.status().spares() == 1);
        other.ask(Ask.of(HELLO).account("first"));
        Lab.until("the next spare is there", () -> other.runtime.status().spares() == 1);
        other.ask(Ask.of(HELLO).account("second"));
        // Twice as long as it would take: that nothing happens cannot be awaited.
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        assertThat(accounts(other)).containsExactlyInAnyOrder("first", "second");
        other.ask(Ask.of(HELLO).account("third"));
        Lab.until("a spare is there again", () -> other.runtime.status().spares() == 1);
        assertThat(accounts(other)).containsExactlyInAnyOrder("third", "");
        other.close();
    }

    private static List<String> accounts(Lab of) {
        return of.runtime.status().hosts().stream()
                .map(RuntimeStatus.Host::account)
                .toList();
    }

    @Test
    void endsIdleHosts() {
        Lab other = new Lab(Lab.settings().withHosts(0, 2).withIdleTimeout(Duration.ofMillis(100)));
        other.ask(HELLO);
        Lab.until("the idle host is ended", () -> other.runtime.status().hosts().isEmpty());
        other.close();
    }
}
