package dev.verge.sync.server;

import dev.verge.sync.compare.PlacedSums;
import dev.verge.sync.compare.StateSums;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether nodes hold what the log says. From time to time the log's whole state is summed up, and each stream asks its node for the same.
 * Commits that came between the two are no hindrance while they are few: the parts of their keys are left out. A node whose state is
 * another one has it anew. Thread-safe.
 */
public final class Comparisons {
    private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);
    private static final int PAGE = 500;

    /** Commits between the log's sums and a node's; their keys would leave little to compare. */
    static final int MOST_BETWEEN = 128;

    /** The log's sums serve as long: then most of their round has answered. */
    private static final long FRESH_NANOS = Duration.ofSeconds(60).toNanos();

    /** If it comes out different again, the fault is elsewhere, and the state is not sent over and over. */
    private static final long PAUSE_NANOS = Duration.ofHours(1).toNanos();

    /**
     * The log's state, summed up.
     *
     * @param views what it comes to for nodes of the same memberships
     */
    record Round(long revision, PlacedSums sums, long takenNanos, Map<List<String>, StateSums> views) {
        boolean fresh() {
            return System.nanoTime() - takenNanos < FRESH_NANOS;
        }

        StateSums of(List<String> memberships, Predicate<Placement> serves) {
            return views.computeIfAbsent(memberships, groups -> sums.of(serves));
        }
    }

    private final Vertx vertx;
    private final LogSource source;
    private final RecentCommits recent;
    private final LongSupplier head;
    private final IntSupplier streams;
    private final long timer;
    private final Map<String, Long> renewed = new ConcurrentHashMap<>();
    private final Set<String> due = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean summing = new AtomicBoolean();
    private final LongAdder same = new LongAdder();
    private final LongAdder different = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private volatile @Nullable Round round;

    /** @param streams how many there are: without any, nothing is read */
    Comparisons(
            Vertx vertx,
            LogSource source,
            RecentCommits recent,
            Duration every,
            LongSupplier head,
            IntSupplier streams) {
        this.vertx = vertx;
        this.source = source;
        this.recent = recent;
        this.head = head;
        this.streams = streams;
        this.timer = vertx.setPeriodic(every.toMillis(), id -> begin());
    }

    void close() {
        vertx.cancelTimer(timer);
    }

    /** Nodes that held what the log says. */
    public long same() {
        return same.sum();
    }

    /** Nodes that did not. */
    public long different() {
        return different.sum();
    }

    /** Nodes of which it was not found out: too much changed meanwhile, or they came too late. */
    public long unknown() {
        return unknown.sum();
    }

    /** What nodes are compared with now; null when it is not the time. */
    @Nullable
    Round round() {
        Round now = round;
        return now != null && now.fresh() ? now : null;
    }

    private void begin() {
        renewed.values().removeIf(at -> System.nanoTime() - at > PAUSE_NANOS);
        if (streams.getAsInt() > 0 && summing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("sync-compare").start(() -> {
                try {
                    round = sum();
                } catch (ExecutionException | RuntimeException e) {
                    LOG.warn("sync: the state could not be summed up", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    summing.set(false);
                }
            });
        }
    }

    /** Reads all of the state; blocks. */
    private Round sum() throws ExecutionException, InterruptedException {
        Round before = round;
        if (before != null && before.revision() == head.getAsLong()) {
            return new Round(before.revision(), before.sums(), System.nanoTime(), before.views());
        }
        SnapshotReader reader = await(source.snapshot());
        try {
            PlacedSums sums = new PlacedSums();
            for (List<LogEntry> page = await(reader.next(PAGE)); !page.isEmpty(); page = await(reader.next(PAGE))) {
                page.forEach(sums::add);
            }
            return new Round(reader.revision(), sums, System.nanoTime(), new ConcurrentHashMap<>());
        } finally {
            reader.close();
        }
    }

    private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get();
    }

    /**
     * How many parts of a node's state are not as the log has them.
     *
     * @param revision that the node's state is of
     * @return null when it cannot be told
     */
    Future<@Nullable Integer> differing(NodeIdentity node, Round with, long revision, StateSums sums) {
        long first = Math.min(revision, with.revision());
        long last = Math.max(revision, with.revision());
        if (!with.fresh() || last - first > MOST_BETWEEN) {
            return told(null);
        }
        return between(first, last).compose(commits -> {
            if (commits.size() < last - first) {
                return told(null);
            }
            commits.forEach(commit -> commit.parts().forEach(part -> sums.leaveOut(part.key())));
            return told(with.of(node.groups(), node::serves).differing(sums));
        });
    }

    private Future<@Nullable Integer> told(@Nullable Integer differing) {
        (differing == null ? unknown : differing == 0 ? same : different).increment();
        return Future.succeededFuture(differing);
    }

    /** The commits after one up to another; fewer when the log no longer has them. */
    private Future<List<SignedCommit>> between(long after, long upTo) {
        if (after == upTo) {
            return Future.succeededFuture(List.of());
        }
        int count = Math.toIntExact(upTo - after);
        List<RecentCommits.Encoded> here = recent.after(after, count);
        if (here != null && here.size() == count) {
            return Future.succeededFuture(
                    here.stream().map(RecentCommits.Encoded::commit).toList());
        }
        return source.readSince(after, count)
                .map(tail -> tail instanceof LogSource.Commits(var commits, var key) ? commits : List.of());
    }

    /** Has a node whose state differs take it anew, with its next stream; false when it did so a short while ago. */
    boolean renew(String node) {
        long now = System.nanoTime();
        Long before = renewed.putIfAbsent(node, now);
        // One that has not come back since is still to have it.
        return before == null ? due.add(node) : due.contains(node);
    }

    /** Whether a node that comes is to have all of its state. To be asked once for each stream. */
    boolean due(String node) {
        return due.remove(node);
    }
}
