package dev.verge.sync.core;

import dev.verge.sync.core.SyncEffect.Acknowledge;
import dev.verge.sync.core.SyncEffect.ApplyCommit;
import dev.verge.sync.core.SyncEffect.ApplySnapshot;
import dev.verge.sync.core.SyncEffect.FetchBlobs;
import dev.verge.sync.core.SyncEffect.Persist;
import dev.verge.sync.core.SyncEffect.Refuse;
import dev.verge.sync.core.SyncEffect.Reset;
import dev.verge.sync.core.SyncEffect.Subscribe;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log. Not thread-safe: one caller, one event at a time; effects are carried out in their order.
 *
 * <p>One piece of work is under way at a time: fetch its blobs, apply, persist, answer. Commits that come meanwhile wait, bounded
 * by the window that the sender must respect. Applying comes before persisting: a crash between the two repeats the commit, which
 * appliers bear (purges and config are idempotent), while the other order could record what never came into force.
 */
public final class SyncCore {

    /** Most commits that may wait here; the sender keeps fewer in flight. */
    public static final int MAX_WAITING = 1_024;

    private Position position;
    private final Map<String, Refusal> refused;
    private final Deque<Commit> waiting = new ArrayDeque<>();
    private final List<SyncEffect> effects = new ArrayList<>();

    private Link link = Link.DOWN;
    private @Nullable Assembly assembly;
    private @Nullable Snapshot waitingSnapshot;
    private @Nullable Work work;
    private long works;
    private Position head = Position.START;
    /** Whether the head was told on this connection. */
    private boolean headKnown;

    private enum Link {
        DOWN,
        /** Connected; the subscription waits for work begun before. */
        UP,
        SUBSCRIBED
    }

    /** A snapshot that is still arriving. */
    private static final class Assembly {
        final SyncEvent.SnapshotBegun begun;
        final List<LogEntry> entries = new ArrayList<>();

        Assembly(SyncEvent.SnapshotBegun begun) {
            this.begun = begun;
        }
    }

    /** Begins where the stored state ends. */
    public SyncCore(Position position, Map<String, Refusal> refused) {
        this.position = position;
        this.refused = new HashMap<>(refused);
    }

    /** Up to where the log has been taken in and stored. */
    public Position position() {
        return position;
    }

    /** How far the log goes, as last heard. */
    public Position head() {
        return head;
    }

    /** Keys whose newest value was refused. */
    public Map<String, Refusal> refused() {
        return Map.copyOf(refused);
    }

    /** Whether the subscription stands and everything known has been taken in. */
    public boolean caughtUp() {
        return link == Link.SUBSCRIBED
                && headKnown
                && head.history().equals(position.history())
                && position.revision() >= head.revision();
    }

    /** Takes an event and says what is to be done. */
    public List<SyncEffect> step(SyncEvent event) {
        effects.clear();
        switch (event) {
            case SyncEvent.Connected e -> connected();
            case SyncEvent.Disconnected e -> dropLink();
            case SyncEvent.HeadReceived e -> headReceived(e);
            case SyncEvent.CommitReceived(Commit commit) -> commitReceived(commit);
            case SyncEvent.SnapshotBegun e -> snapshotBegun(e);
            case SyncEvent.SnapshotPart(List<LogEntry> entries) -> snapshotPart(entries);
            case SyncEvent.SnapshotEnded(long revision) -> snapshotEnded(revision);
            case SyncEvent.BlobsReady(long number) -> blobsReady(number);
            case SyncEvent.BlobsFailed(long number, String reason) -> blobsFailed(number, reason);
            case SyncEvent.ApplyEnded(long number, ApplyResult result) -> applyEnded(number, result);
            case SyncEvent.Persisted(long number) -> persisted(number);
            case SyncEvent.PersistFailed(long number, String reason) -> persistFailed(number, reason);
        }
        return List.copyOf(effects);
    }

    private void connected() {
        check(link == Link.DOWN, "connected twice");
        link = Link.UP;
        subscribeWhenIdle();
    }

    /** Work of an earlier connection ends first: only then is it known from where to go on. */
    private void subscribeWhenIdle() {
        if (link == Link.UP && work == null) {
            link = Link.SUBSCRIBED;
            effects.add(new Subscribe(position, refused));
        }
    }

    private void dropLink() {
        link = Link.DOWN;
        headKnown = false;
        waiting.clear();
        assembly = null;
        waitingSnapshot = null;
        Work current = work;
        if (current != null && current.stage == Work.Stage.FETCHING) {
            work = null;
        }
    }

    private void reset(String reason) {
        dropLink();
        effects.add(new Reset(reason));
    }

    private void headReceived(SyncEvent.HeadReceived event) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        if (event.history().equals(head.history()) && event.head() < head.revision()) {
            reset("the head went back from " + head.revision() + " to " + event.head());
            return;
        }
        head = new Position(event.history(), event.head());
        headKnown = true;
    }

    private void commitReceived(Commit commit) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        if (assembly != null) {
            reset("commit " + commit.revision() + " within a snapshot");
            return;
        }
        long expected = lastReceived() + 1;
        if (commit.revision() != expected) {
            reset("commit " + commit.revision() + " came where " + expected + " was due");
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            reset("more than " + MAX_WAITING + " commits in flight");
            return;
        }
        waiting.add(commit);
        if (commit.revision() > head.revision()) {
            head = new Position(head.history(), commit.revision());
        }
        workOn();
    }

    private long lastReceived() {
        if (!waiting.isEmpty()) {
            return waiting.getLast().revision();
        }
        if (waitingSnapshot != null) {
            return waitingSnapshot.revision();
        }
        Work current = work;
        return current != null ? current.load.revision() : position.revision();
    }

    private void snapshotBegun(SyncEvent.SnapshotBegun event) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        if (assembly != null || work != null || !waiting.isEmpty()) {
            reset("a snapshot in the middle of other work");
            return;
        }
        if (event.history().equals(position.history()) && event.revision() < position.revision()) {
            reset("a snapshot at " + event.revision() + ", before " + position.revision());
            return;
        }
        assembly = new Assembly(event);
    }

    private void snapshotPart(List<LogEntry> entries) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        Assembly current = assembly;
        if (current == null || current.entries.size() + entries.size() > current.begun.entries()) {
            reset("a piece of a snapshot that was not announced");
            return;
        }
        current.entries.addAll(entries);
    }

    private void snapshotEnded(long revision) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        Assembly current = assembly;
        if (current == null
                || current.begun.revision() != revision
                || current.entries.size() != current.begun.entries()) {
            reset("an incomplete snapshot");
            return;
        }
        assembly = null;
        Set<String> keys = new HashSet<>();
        boolean sound = current.begun.purgeFloor() >= 0 && current.begun.purgeFloor() <= revision;
        for (LogEntry entry : current.entries) {
            sound &= keys.add(entry.key()) && !entry.isTombstone() && entry.revision() <= revision;
        }
        if (!sound) {
            reset("a snapshot that contradicts itself");
            return;
        }
        waitingSnapshot = new Snapshot(current.begun.history(), revision, current.begun.purgeFloor(), current.entries);
        workOn();
    }

    private void workOn() {
        if (work != null) {
            return;
        }
        Snapshot snapshot = waitingSnapshot;
        if (snapshot != null) {
            waitingSnapshot = null;
            begin(new Work(++works, new Work.OfSnapshot(snapshot)));
        } else if (!waiting.isEmpty()) {
            Commit commit = waiting.remove();
            check(commit.revision() == position.revision() + 1, "a gap before " + commit.revision());
            begin(new Work(++works, new Work.OfCommit(commit)));
        }
    }

    private void begin(Work begun) {
        work = begun;
        EntryCheck entryCheck = EntryCheck.of(begun.load.entries());
        begun.reasons.putAll(entryCheck.unreadable());
        if (begun.load instanceof Work.OfCommit && !begun.reasons.isEmpty()) {
            persist(begun);
        } else if (entryCheck.blobs().isEmpty()) {
            apply(begun);
        } else {
            effects.add(new FetchBlobs(begun.number, entryCheck.blobs()));
        }
    }

    private void apply(Work current) {
        current.stage = Work.Stage.APPLYING;
        switch (current.load) {
            case Work.OfCommit(Commit commit) -> effects.add(new ApplyCommit(current.number, commit));
            case Work.OfSnapshot(Snapshot snapshot) -> {
                List<LogEntry> readable = snapshot.entries().stream()
                        .filter(entry -> !current.reasons.containsKey(entry.key()))
                        .toList();
                effects.add(new ApplySnapshot(
                        current.number,
                        new Snapshot(snapshot.history(), snapshot.revision(), snapshot.purgeFloor(), readable),
                        missedPurges(snapshot)));
            }
        }
    }

    /** Positions of another log say nothing about which purges came. */
    private boolean missedPurges(Snapshot snapshot) {
        return snapshot.history().equals(position.history())
                ? position.revision() < snapshot.purgeFloor()
                : !position.equals(Position.START);
    }

    private void blobsReady(long number) {
        Work current = work;
        if (current == null || current.number != number) {
            return;
        }
        check(current.stage == Work.Stage.FETCHING, "blobs of work that is past fetching");
        apply(current);
    }

    /** A commit without its code is refused; a snapshot without some is asked for again, since it may hold much else. */
    private void blobsFailed(long number, String reason) {
        Work current = work;
        if (current == null || current.number != number) {
            return;
        }
        check(current.stage == Work.Stage.FETCHING, "blobs of work that is past fetching");
        switch (current.load) {
            case Work.OfSnapshot snapshot -> reset("blobs of the snapshot: " + reason);
            case Work.OfCommit(Commit commit) -> {
                commit.entries().forEach(entry -> current.reasons.put(entry.key(), reason));
                persist(current);
            }
        }
    }

    private void applyEnded(long number, ApplyResult result) {
        Work current = under(number, Work.Stage.APPLYING);
        if (result instanceof ApplyResult.Refused(Map<String, String> reasons)) {
            current.reasons.putAll(reasons);
        }
        persist(current);
    }

    private void persist(Work current) {
        current.stage = Work.Stage.PERSISTING;
        StateUpdate update = current.update(position, refused);
        boolean follows = current.load instanceof Work.OfCommit
                ? update.position().revision() == position.revision() + 1
                : !update.position().history().equals(position.history())
                        || update.position().revision() >= position.revision();
        check(follows, update.position() + " does not follow " + position);
        effects.add(new Persist(current.number, update));
    }

    private void persisted(long number) {
        Work current = under(number, Work.Stage.PERSISTING);
        StateUpdate update = current.update(position, refused);
        position = update.position();
        refused.clear();
        refused.putAll(update.refused());
        work = null;
        if (link == Link.SUBSCRIBED) {
            if (!current.reasons.isEmpty()) {
                effects.add(new Refuse(position.revision(), current.reasons));
            }
            effects.add(new Acknowledge(position.revision()));
            workOn();
        } else {
            subscribeWhenIdle();
        }
    }

    /** The old state stands, in memory and on disk; everything after it is asked for again. */
    private void persistFailed(long number, String reason) {
        under(number, Work.Stage.PERSISTING);
        work = null;
        if (link != Link.DOWN) {
            reset("the state could not be stored: " + reason);
        }
    }

    private Work under(long number, Work.Stage stage) {
        Work current = work;
        if (current == null || current.number != number || current.stage != stage) {
            throw new IllegalStateException("sync invariant broken: an answer for work " + number + " at " + stage);
        }
        return current;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("sync invariant broken: " + otherwise);
        }
    }
}
