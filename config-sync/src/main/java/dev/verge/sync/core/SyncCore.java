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
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.Trust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** Under which name it is told that something was not signed. */
    public static final String UNSIGNED = "signature";

    /** Stands in a history between the log's identity and what of it a node gets. */
    public static final char VIEW_MARK = '#';

    private Position position;
    private final Map<String, Refusal> refused;
    private final Inbox inbox = new Inbox();
    private final List<SyncEffect> effects = new ArrayList<>();

    private Link link = Link.DOWN;
    private @Nullable Assembly assembly;
    private @Nullable Work work;
    private long works;
    private Position head = Position.START;
    /** Whether the head was told on this connection. */
    private boolean headKnown;

    private final Believed believed;

    private enum Link {
        DOWN,
        /** Connected; the subscription waits for work begun before. */
        UP,
        SUBSCRIBED
    }

    /** Begins where the stored state ends, with the keys that were believed there. */
    public SyncCore(Position position, Map<String, Refusal> refused, Trust trust) {
        this.position = position;
        this.believed = new Believed(trust);
        this.refused = new HashMap<>(refused);
    }

    /** Up to where the log has been taken in and stored. */
    public Position position() {
        return position;
    }

    /** The keys that are believed up to there. */
    public Trust trust() {
        return believed.stored();
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

    /** Why the commit that is due would not be believed, or null when it would. */
    public @Nullable String mistake(SignedCommit commit) {
        return believed.mistake(inbox.lastHistory(work, position), commit);
    }

    /** Takes an event and says what is to be done. */
    public List<SyncEffect> step(SyncEvent event) {
        effects.clear();
        switch (event) {
            case SyncEvent.Connected(List<String> memberships, Trust trust) -> connected(memberships, trust);
            case SyncEvent.Disconnected e -> dropLink();
            case SyncEvent.HeadReceived e -> headReceived(e);
            case SyncEvent.CommitReceived(SignedCommit commit) -> commitReceived(commit);
            case SyncEvent.SnapshotBegun e -> snapshotBegun(e);
            case SyncEvent.SnapshotPart(List<LogEntry> entries) -> snapshotPart(entries);
            case SyncEvent.SnapshotEnded(long revision, long entries, Proof proof) ->
                snapshotEnded(revision, entries, proof);
            case SyncEvent.BlobsReady(long number) -> blobsReady(number);
            case SyncEvent.BlobsFailed(long number, String reason) -> blobsFailed(number, reason);
            case SyncEvent.ApplyEnded(long number, ApplyResult result) -> applyEnded(number, result);
            case SyncEvent.Persisted(long number) -> persisted(number);
            case SyncEvent.PersistFailed(long number, String reason) -> persistFailed(number, reason);
        }
        return List.copyOf(effects);
    }

    private void connected(List<String> memberships, Trust trust) {
        check(link == Link.DOWN, "connected twice");
        believed.connected(memberships, trust);
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
        inbox.clear();
        assembly = null;
        Work current = work;
        if (current != null && current.stage == Work.Stage.FETCHING) {
            work = null;
        }
        believed.backTo(work);
    }

    private void reset(String reason) {
        dropLink();
        effects.add(new Reset(reason));
    }

    private void distrust(long revision, String reason) {
        effects.add(new SyncEffect.Distrust(reason));
        effects.add(new Refuse(Math.max(1, revision), Map.of(UNSIGNED, reason)));
        reset(reason);
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

    private void commitReceived(SignedCommit commit) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        if (assembly != null) {
            reset("commit " + commit.revision() + " within a snapshot");
            return;
        }
        long expected = inbox.lastRevision(work, position) + 1;
        if (commit.revision() != expected) {
            reset("commit " + commit.revision() + " came where " + expected + " was due");
            return;
        }
        if (inbox.full()) {
            reset("more than " + MAX_WAITING + " commits in flight");
            return;
        }
        String mistake = believed.mistake(inbox.lastHistory(work, position), commit);
        if (mistake != null) {
            distrust(commit.revision(), "commit " + commit.revision() + " is not believed: " + mistake);
            return;
        }
        Commit own = believed.take(commit);
        inbox.add(own, believed.received());
        if (commit.revision() > head.revision()) {
            head = new Position(head.history(), commit.revision());
        }
        workOn();
    }

    private void snapshotBegun(SyncEvent.SnapshotBegun event) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        if (assembly != null || work != null || inbox.hasCommits()) {
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
        if (current == null || !current.add(entries)) {
            reset("a piece of a snapshot that was not announced");
        }
    }

    private void snapshotEnded(long revision, long entries, Proof proof) {
        if (link != Link.SUBSCRIBED) {
            return;
        }
        Assembly current = assembly;
        if (current == null || !current.complete(revision, entries)) {
            reset("an incomplete snapshot");
            return;
        }
        assembly = null;
        Trust after = believed.received().withEntries(current.entries());
        String mistake = after.mistake(current.statement(), proof);
        if (mistake != null) {
            distrust(revision, "the snapshot at " + revision + " is not believed: " + mistake);
            return;
        }
        Snapshot snapshot = current.snapshot();
        if (snapshot == null) {
            reset("a snapshot that contradicts itself");
            return;
        }
        believed.received(after);
        inbox.add(snapshot, after);
        workOn();
    }

    private void workOn() {
        if (work != null) {
            return;
        }
        Work next = inbox.next(works + 1, position);
        if (next != null) {
            works++;
            begin(next);
        }
    }

    private void begin(Work begun) {
        work = begun;
        EntryCheck entryCheck = EntryCheck.of(begun.load.entries());
        begun.reasons.putAll(entryCheck.unreadable());
        boolean others = begun.load.entries().isEmpty();
        if (begun.load instanceof Work.OfCommit && (others || !begun.reasons.isEmpty())) {
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
        believed.stored(current.trust);
        work = null;
        if (link == Link.DOWN) {
            believed.backTo(null);
        }
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
        believed.backTo(null);
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

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("sync invariant broken: " + otherwise);
        }
    }
}
