package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How hosts are shared, bounded and replaced. */
class HostCareTest {
    private static final String HELLO = "export default { fetch: () => new Response('hello') };";
    private static final long TWO_HOSTS_BYTES =
            2 * HostSettings.reserveBytes(FunctionLimits.DEFAULT.memoryBytes()) + (50L << 20);
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = new Lab(Lab.settings()
                .withHosts(0, 8)
                .withMemoryBytes(TWO_HOSTS_BYTES)
                .withRequireLockdown(true)
                .withAccountLimits(new AccountLimits(40, 20, 10, Duration.ofMillis(300))));
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    private static List<RuntimeStatus.Host> hostsOf(String account) {
        return lab.runtime.status().hosts().stream()
                .filter(host -> host.account().equals(account))
                .toList();
    }

    @Test
    void saysWhichWallsStand() {
        lab.ask(Ask.of(HELLO).account("one"));
        RuntimeStatus.Lockdown lockdown = lab.runtime.status().lockdown();
        assertThat(lockdown.standing()).containsExactlyInAnyOrderElementsOf(HostWall.ALL);
        assertThat(lockdown.summary()).isEqualTo("complete");
    }

    @Test
    void functionsThatTogetherHoldMoreThanTheHeapShareAHostOneAfterAnother() {
        long pid = 0;
        String ballast = "const ballast = new Uint8Array(2 << 20);";
        for (int i = 0; i < 115; i++) {
            Answer answer = lab.ask(Ask.of(ballast + "export default { fetch: () => new Response('" + i + "') };")
                    .account("many"));
            assertThat(answer.body()).as(answer.logs()).isEqualTo(String.valueOf(i));
            long now = hostsOf("many").getFirst().pid();
            assertThat(pid).as("its host").isIn(0L, now);
            pid = now;
        }
    }

    @Test
    void bootsNoHostBeyondTheBudgetAndEvictsTheIdle() {
        for (String account : List.of("one", "two", "three")) {
            assertThat(lab.ask(Ask.of(HELLO).account(account)).body()).isEqualTo("hello");
            assertThat(lab.runtime.status().hosts()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(hostsOf("three")).hasSize(1);
        Lab.until("it was looked how much they hold", () -> lab.runtime.status().residentBytes() > (100L << 20));
    }

    @Test
    void callsThatShareAStoppedContextRunOnceMore() {
        String source = """
                export default { async fetch(request) {
                  if (request.url.endsWith("loop")) for (;;);
                  await new Promise((resolve) => setTimeout(resolve, 150));
                  return new Response("done");
                } };""";
        Ask ask = Ask.of(source).account("one").limits(FunctionLimits.DEFAULT.withCpu(Duration.ofMillis(300)));
        lab.ask(ask);
        List<Future<Answer>> innocent = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            innocent.add(lab.send(ask));
        }
        Future<Answer> posted = lab.send(ask.post(Source.of(Buffer.buffer("x"))));
        Answer loop = lab.ask(ask.url("http://site.example/loop"));
        assertThat(loop.record().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        for (Future<Answer> one : innocent) {
            assertThat(Lab.await(one).body()).isEqualTo("done");
        }
        assertThat(Lab.await(posted).record().outcome()).as("it had a body").isEqualTo(FunctionOutcome.KILLED);
    }

    @Test
    void oneCallMoreThanMayWaitIsRefusedAtOnceAndThoseThatWaitGiveUpInTime() {
        Ask slow = Ask.of(
                        "export default { fetch: () => new Promise((r) => setTimeout(() => r(new Response('late')), 1500)) };")
                .account("one");
        lab.ask(Ask.of(HELLO).account("one"));
        List<Future<Answer>> running = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            running.add(lab.send(slow));
        }
        List<Future<Answer>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(lab.send(slow));
        }
        assertThatThrownBy(() -> lab.ask(slow))
                .cause()
                .isInstanceOfSatisfying(
                        NoHostException.class,
                        refusal -> assertThat(refusal.isBusy()).isTrue());
        for (Future<Answer> one : waiting) {
            assertThatThrownBy(() -> Lab.await(one))
                    .cause()
                    .isInstanceOfSatisfying(
                            NoHostException.class,
                            refusal -> assertThat(refusal.isBusy()).isTrue());
        }
        for (Future<Answer> one : running) {
            assertThat(Lab.await(one).body()).isEqualTo("late");
        }
    }

    @Test
    void theRecordTellsWhatWasHeldAtMost() {
        Answer answer = lab.ask(Ask.of(
                        "export default { fetch() { const a = new Uint8Array(20e6); return new Response(String(a.length)); } };")
                .account("one"));
        assertThat(answer.record().peakBytes()).isBetween(20_000_000L, FunctionLimits.DEFAULT.memoryBytes());
    }
}
