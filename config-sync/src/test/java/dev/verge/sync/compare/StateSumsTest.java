package dev.verge.sync.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.document.Placement;
import dev.verge.sync.log.LogEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums of states: equal for the same entries in any order, and for nothing else. */
class StateSumsTest {
    private static final Placement EU = new Placement(List.of("eu"), List.of());

    private static List<LogEntry> entries(int count) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new LogEntry(1 + i % 7, "site/default/s" + i, "{\"n\":" + i + "}"));
        }
        return entries;
    }

    private static StateSums sums(List<LogEntry> entries) {
        StateSums sums = new StateSums();
        entries.forEach(sums::add);
        return sums;
    }

    @Test
    void theOrderDoesNotMatterAndTheTextFormKeepsIt() {
        List<LogEntry> entries = entries(3_000);
        StateSums sums = sums(entries);
        Collections.shuffle(entries, new Random(1));
        assertThat(sums(entries).differing(sums)).isZero();
        String text = sums.encode();
        assertThat(text).hasSize(StateSums.CHARACTERS);
        assertThat(StateSums.decode(text).differing(sums)).isZero();
        for (String wrong : List.of("", "AAAA", text.substring(4), text + "AAAA", "?".repeat(StateSums.CHARACTERS))) {
            assertThatThrownBy(() -> StateSums.decode(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anEntryMoreOrLessOrOfAnotherValueOrRevisionIsSeen() {
        List<LogEntry> entries = entries(3_000);
        StateSums sums = sums(entries);
        assertThat(sums(entries.subList(1, 3_000)).differing(sums)).isEqualTo(1);
        LogEntry first = entries.getFirst();
        entries.set(0, new LogEntry(first.revision(), first.key(), "{\"n\":-1}"));
        assertThat(sums(entries).differing(sums)).isEqualTo(1);
        entries.set(0, new LogEntry(first.revision() + 1, first.key(), "{\"n\":0}"));
        assertThat(sums(entries).differing(sums)).isEqualTo(1);
    }

    @Test
    void whatEitherEndLeavesOutIsNotCompared() {
        List<LogEntry> entries = entries(3_000);
        StateSums sums = sums(entries);
        StateSums other = sums(entries.subList(1, 3_000));
        other.leaveOut(entries.getFirst().key());
        assertThat(other.differing(sums)).isZero();
        assertThat(StateSums.decode(other.encode()).differing(sums)).isZero();
        assertThat(sums.differing(other)).isZero();
    }

    @Test
    void keysFallIntoAllParts() {
        StateSums none = new StateSums();
        assertThat(sums(entries(3_000)).differing(none)).isGreaterThan(StateSums.PARTS * 9 / 10);
    }

    @Test
    void secretsCountWhateverTheyAreSealedUnderAndPurgesDoNot() {
        String function =
                "{\"account\":\"default\",\"name\":\"f\",\"deployment\":[{\"version\":1,\"secrets\":{\"KEY\":\"%s\"}}]}";
        StateSums one = sums(List.of(new LogEntry(3, "function/default/f", function.formatted("sealed-1"))));
        StateSums two = sums(List.of(
                new LogEntry(3, "function/default/f", function.formatted("sealed-2")),
                new LogEntry(4, "purge/p1", "{}")));
        assertThat(one.differing(two)).isZero();
        StateSums without = sums(List.of(new LogEntry(
                3, "function/default/f", function.formatted("sealed-2").replace("KEY", "OTHER"))));
        assertThat(one.differing(without)).isEqualTo(1);
    }

    @Test
    void eachNodeHasItsPartOfTheLog() {
        PlacedSums log = new PlacedSums();
        List<LogEntry> everywhere = entries(100);
        everywhere.forEach(log::add);
        LogEntry placed = new LogEntry(9, "site/default/eu-only", "{}", EU);
        log.add(placed);
        StateSums us = sums(everywhere);
        assertThat(log.of(placement -> placement.includes(List.of("us"))).differing(us))
                .isZero();
        assertThat(log.of(placement -> placement.includes(List.of("eu"))).differing(us))
                .isEqualTo(1);
        everywhere.add(placed);
        assertThat(log.of(placement -> placement.includes(List.of("eu"))).differing(sums(everywhere)))
                .isZero();
    }

    @Test
    void placementsBeyondABoundAreNotComparedAndSpoilNothingElse() {
        PlacedSums log = new PlacedSums();
        List<LogEntry> everywhere = entries(100);
        everywhere.forEach(log::add);
        for (int i = 0; i < PlacedSums.MOST + 5; i++) {
            log.add(new LogEntry(9, "site/default/p" + i, "{}", new Placement(List.of("g" + i), List.of())));
        }
        StateSums node = log.of(placement -> placement.includes(List.of("g3")));
        StateSums own = sums(everywhere);
        assertThat(node.differing(own)).as("the one site of g3").isEqualTo(1);
        own.add(new LogEntry(9, "site/default/p3", "{}"));
        assertThat(node.differing(own)).isZero();
        own.add(new LogEntry(9, "site/default/p" + (PlacedSums.MOST + 1), "{}"));
        assertThat(node.differing(own))
                .as("of a placement that is not told apart")
                .isZero();
    }
}
