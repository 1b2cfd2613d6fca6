package dev.verge.sync.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowerTest {
    private static final int COMMITS = 400;
    private static final SigningPair KEY = SigningPair.generate();

    private final List<Long> delivered = new ArrayList<>();
    private final Deque<long[]> asked = new ArrayDeque<>();
    private final Set<Integer> keys = new HashSet<>(Set.of(1));
    private final Set<Long> forged = new HashSet<>();
    private int room = 256;
    private final Follower follower =
            new Follower(keys::contains, commit -> !forged.contains(commit.revision()), new Follower.Out() {
                @Override
                public void deliver(SignedCommit commit) {
                    delivered.add(commit.revision());
                }

                @Override
                public void want(long after, long upTo) {
                    asked.add(new long[] {after, upTo});
                }
            });

    private static SignedCommit commit(long revision, Placement placement) {
        String text = new SiteEntry("default", "shop", "i1", 1, "version " + revision).toJson();
        return SignedCommit.sign(
                "h",
                Commit.of(new LogEntry(revision, "site/default/shop", text, placement)),
                statement -> new Proof(1, KEY.sign(statement)));
    }

    private Bulk.Item item(SignedCommit commit, int epoch) {
        room--;
        return new Bulk.Item(
                commit.revision(), epoch, Frames.of(commit.cut(List.of())).encode(), () -> room++);
    }

    private Bulk.Item item(long revision) {
        return item(commit(revision, Placement.EVERYWHERE), 0);
    }

    @Test
    void aGapIsAskedForOnceAndWhatCameAfterItWaits() {
        follower.begin(0, List.of());
        follower.item(item(1));
        follower.item(item(4));
        follower.item(item(5));
        assertThat(asked).containsExactly(new long[] {1, 4});
        follower.sent(commit(2, Placement.EVERYWHERE));
        follower.sent(commit(3, Placement.EVERYWHERE));
        follower.sent(commit(4, Placement.EVERYWHERE));
        assertThat(delivered).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(asked).hasSize(1);
        follower.acked(5);
        assertThat(room).isEqualTo(256);
    }

    @Test
    void whatIsWithheldUnreadableForgedOrSealedUnderAnUnknownKeyIsAskedFor() {
        Placement europe = new Placement(List.of("eu"), List.of());
        follower.begin(0, List.of("eu"));
        follower.item(item(commit(1, europe), 0));
        assertThat(asked.removeFirst()).containsExactly(0, 1);
        follower.sent(commit(1, europe));
        follower.item(item(commit(2, new Placement(List.of("us"), List.of())), 0));
        follower.item(new Bulk.Item(3, 0, null, () -> {}));
        assertThat(asked.removeFirst()).containsExactly(2, 3);
        follower.sent(commit(3, Placement.EVERYWHERE));
        follower.item(item(commit(4, Placement.EVERYWHERE), 2));
        assertThat(asked.removeFirst()).containsExactly(3, 4);
        keys.add(2);
        follower.sent(commit(4, Placement.EVERYWHERE));
        follower.item(item(commit(5, Placement.EVERYWHERE), 2));
        forged.add(6L);
        follower.item(item(6));
        assertThat(asked.removeFirst()).containsExactly(5, 6);
        assertThat(delivered).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(asked).isEmpty();
    }

    @Test
    void aBusThatStandsStillIsNoticedByTheHeadOfTheLog() {
        follower.begin(7, List.of());
        assertThat(follower.head(9)).isFalse();
        assertThat(follower.head(9)).isTrue();
        assertThat(asked.removeFirst()).containsExactly(7, 9);
        assertThat(follower.head(9)).as("it was asked for already").isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverTheBusDropsDoublesOrSwapsEachCommitIsHandedOnOnceAndInOrder(long seed) {
        Random random = new Random(seed);
        follower.begin(0, List.of());
        Deque<Bulk.Item> bus = new ArrayDeque<>();
        long published = 0;
        while (delivered.size() < COMMITS) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (published < COMMITS && random.nextInt(10) > 0) {
                        bus.add(item(++published));
                    } else if (published < COMMITS) {
                        published++;
                    }
                }
                case 2 -> {
                    if (bus.size() > 1 && random.nextBoolean()) {
                        bus.addLast(bus.removeFirst());
                    } else if (published > 0 && random.nextInt(5) == 0) {
                        bus.add(item(1 + random.nextInt((int) published)));
                    }
                }
                case 3 -> {
                    if (!bus.isEmpty()) {
                        follower.item(bus.removeFirst());
                    }
                }
                case 4 -> {
                    long[] wish = asked.peekFirst();
                    if (wish != null && wish[0] < wish[1]) {
                        follower.sent(commit(++wish[0], Placement.EVERYWHERE));
                    } else {
                        asked.pollFirst();
                    }
                }
                default -> {
                    follower.head(published);
                    follower.acked(delivered.size());
                }
            }
        }
        assertThat(delivered)
                .isEqualTo(LongStream.rangeClosed(1, COMMITS).boxed().toList());
        bus.forEach(left -> left.taken().run());
        follower.end();
        assertThat(room).isEqualTo(256);
    }
}
