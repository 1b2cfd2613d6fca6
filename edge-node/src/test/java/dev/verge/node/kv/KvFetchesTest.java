package dev.verge.node.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.log.KvEntry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of long values is read while others are on their way. */
class KvFetchesTest {
    private static final Instant NOW = Instant.EPOCH;

    private final Vertx vertx = Vertx.vertx();
    private final KvNamespaces namespaces = new KvNamespaces(10_000);
    private final KvFetches fetches = new KvFetches(namespaces, vertx);
    private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    private record Asked(String sha256, CompletableFuture<Void> answer) {}

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private void start() {
        fetches.start(sha256 -> {
            Asked next = new Asked(sha256, new CompletableFuture<>());
            asked.add(next);
            return next.answer();
        });
    }

    private Asked next() throws InterruptedException {
        Asked next = asked.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was asked for");
        }
        // Asked by a timer's thread, the answer is listened to a moment later.
        while (next.answer().getNumberOfDependents() == 0) {
            Thread.onSpinWait();
        }
        return next;
    }

    private static KvEntry entry(String key, char blob) {
        return new KvEntry("a", "n", key, null, Character.toString(blob).repeat(64), 100_000, null, null);
    }

    private void commit(KvEntry entry) {
        assertThat(namespaces.expect(entry)).isNull();
        fetches.expect(entry);
    }

    /** The blob that is read now, by its first letter. */
    private @Nullable String read(String key) {
        KvValue value = namespaces.get("a", "n", key, NOW);
        return value == null ? null : String.valueOf(value.sha256()).substring(0, 1);
    }

    @Test
    void theValueBeforeIsReadUntilTheNewestIsHere() throws InterruptedException {
        namespaces.put(entry("k", 'a'));
        start();
        commit(entry("k", 'b'));
        Asked first = next();
        commit(entry("k", 'c'));
        commit(entry("new", 'd'));
        assertThat(read("k")).isEqualTo("a");
        assertThat(read("new")).isNull();
        assertThat(namespaces.list("a", "n", "", "", 10, NOW).keys()).hasSize(1);
        first.answer().complete(null);
        assertThat(read("k")).as("it was replaced meanwhile").isEqualTo("a");
        Asked second = next();
        assertThat(second.sha256()).startsWith("c");
        second.answer().complete(null);
        assertThat(read("k")).isEqualTo("c");
        next().answer().complete(null);
        assertThat(read("new")).isEqualTo("d");
        assertThat(fetches.waiting()).isZero();
        // The same content anew needs no way.
        commit(entry("k", 'c'));
        assertThat(read("k")).isEqualTo("c");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatFailsIsTriedAgainAfterTheOthersAndWhatIsGoneIsNot() throws InterruptedException {
        commit(entry("k", 'a'));
        commit(entry("l", 'b'));
        commit(entry("m", 'c'));
        assertThat(fetches.waiting()).isEqualTo(3);
        start();
        namespaces.remove("kv/a/n/m");
        next().answer().completeExceptionally(new IllegalStateException("the control plane is away"));
        Asked other = next();
        assertThat(other.sha256()).startsWith("b");
        other.answer().complete(null);
        Asked again = next();
        assertThat(again.sha256()).startsWith("a");
        again.answer().complete(null);
        assertThat(read("k")).isEqualTo("a");
        assertThat(read("m")).isNull();
        assertThat(fetches.waiting()).isZero();
        assertThat(asked).isEmpty();
    }

    @Test
    void roomIsCountedForBothValuesAndGivenBack() {
        List<Long> bytes = new ArrayList<>();
        namespaces.put(entry("k", 'a'));
        bytes.add(namespaces.bytes());
        KvEntry next = entry("k", 'b');
        namespaces.expect(next);
        bytes.add(namespaces.bytes());
        namespaces.arrived(next);
        bytes.add(namespaces.bytes());
        assertThat(bytes.get(1)).isEqualTo(2 * bytes.getFirst());
        assertThat(bytes.get(2)).isEqualTo(bytes.getFirst());
        namespaces.expect(entry("k", 'c'));
        namespaces.expect(entry("k", 'd'));
        assertThat(namespaces.bytes()).isEqualTo(bytes.get(1));
        namespaces.retain(Set.of());
        assertThat(namespaces.bytes()).isZero();
    }
}
