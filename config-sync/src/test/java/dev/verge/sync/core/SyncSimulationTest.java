package dev.verge.sync.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Refusal;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real core against a stream that drops, doubles, swaps and forges messages, breaks, signing keys that change, and a node that crashes between any two writes.
 * Once it calms down, the node must hold what the control plane does. {@code -Dverge.seeds=N} runs more seeds, {@code
 * -Dverge.seed=N} one.
 */
class SyncSimulationTest {

    private static final int STEPS = 2_000;

    static LongStream seeds() {
        Long one = Long.getLong("verge.seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("verge.seeds", 60));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nodeEndsWithWhatTheControlPlaneHolds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedControlPlane controlPlane = new SimulatedControlPlane(random);
        SimulatedNode node = new SimulatedNode(random, controlPlane);
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 15) {
                controlPlane.commit();
            } else if (dice < 17) {
                controlPlane.compact();
            } else if (dice == 17) {
                controlPlane.attack();
            } else if (dice == 18 && step % 5 == 0) {
                controlPlane.changeKeys();
            } else if (dice < 20) {
                controlPlane.disturb();
            } else if (dice < 22) {
                node.crash();
            } else if (dice < 24 && node.isConnected()) {
                node.disconnect();
            } else if (!node.isConnected()) {
                node.connect();
            } else if (dice < 60 && controlPlane.hasNext()) {
                node.receive();
            } else if (!node.isIdle()) {
                node.finish();
            }
        }
        settle(controlPlane, node);
        compare(controlPlane, node);
        if (Long.getLong("verge.seed") == null) {
            assertThat(node.distrusted).as("attacks were noticed").isPositive();
        }
    }

    private static void settle(SimulatedControlPlane controlPlane, SimulatedNode node) {
        node.calm = true;
        if (node.isConnected()) {
            node.disconnect();
        }
        int bound = 10_000;
        while (bound-- > 0) {
            if (!node.isConnected()) {
                node.connect();
            } else if (!node.isIdle()) {
                node.finish();
            } else if (controlPlane.hasNext()) {
                node.receive();
            } else {
                break;
            }
        }
        assertThat(bound).as("it comes to rest").isPositive();
        assertThat(node.core().caughtUp()).isTrue();
        assertThat(node.core().position().revision()).isEqualTo(controlPlane.commits.size());
    }

    private static void compare(SimulatedControlPlane controlPlane, SimulatedNode node) {
        assertThat(node.inForce()).as("memory and disk agree").isEqualTo(node.stored());
        Map<String, Refusal> refused = node.core().refused();
        Map<String, LogEntry> expected = controlPlane.state();
        expected.keySet().removeIf(key -> key.startsWith("purge/"));
        for (LogEntry entry : expected.values()) {
            Refusal refusal = refused.get(entry.key());
            if (refusal == null) {
                assertThat(entry.value()).doesNotContain("refuse");
                assertThat(node.inForce().get(entry.key())).isEqualTo(entry);
            } else {
                assertThat(refusal.revision())
                        .as("the newest value is the refused one")
                        .isEqualTo(entry.revision());
            }
        }
        for (LogEntry entry : node.inForce().values()) {
            assertThat(entry.value()).doesNotContain("refuse");
            if (!expected.containsKey(entry.key())) {
                assertThat(refused)
                        .as("what is gone is gone, unless its removal was refused")
                        .containsKey(entry.key());
            }
        }
        for (Commit commit : controlPlane.commits) {
            if (commit.entries().getFirst().key().startsWith("purge/")) {
                assertThat(node.purged).as("no purge is skipped").contains(commit.revision());
            }
        }
    }

    /** The simulation must be able to fail: a node that forgets a purge is noticed. */
    @Test
    void comparisonNoticesASkippedPurge() {
        SplittableRandom random = new SplittableRandom(1);
        SimulatedControlPlane controlPlane = new SimulatedControlPlane(random);
        SimulatedNode node = new SimulatedNode(random, controlPlane);
        controlPlane.commits.add(Commit.of(Sample.entry(1, "p1", "tag")));
        settle(controlPlane, node);
        compare(controlPlane, node);
        node.purged.clear();
        assertThatThrownBy(() -> compare(controlPlane, node))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no purge is skipped");
    }
}
