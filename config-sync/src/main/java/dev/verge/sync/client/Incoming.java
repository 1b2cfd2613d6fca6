package dev.verge.sync.client;

import dev.verge.sync.core.SyncEvent;
import dev.verge.sync.order.Order;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.Trust;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import dev.verge.sync.wire.Item;
import dev.verge.sync.wire.Signed;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes from the control plane becomes events, and answers to what the node asked. On the client's context. */
final class Incoming implements ControlPlaneLink.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    private final SyncClientOptions options;
    private final ControlPlaneLink link;
    private final KeyWork ownKeys;
    private final Asks asks;
    private final LiveTail tail;
    private final Comparing comparing;
    private final @Nullable BulkWay bulk;
    private final Consumer<List<String>> belongs;
    private final Consumer<SyncEvent> deliver;
    private final Runnable distrusted;
    private long snapshotCharacters;

    Incoming(
            SyncClientOptions options,
            ControlPlaneLink link,
            KeyWork ownKeys,
            Asks asks,
            LiveTail tail,
            Comparing comparing,
            @Nullable BulkWay bulk,
            Consumer<List<String>> belongs,
            Consumer<SyncEvent> deliver,
            Runnable distrusted) {
        this.options = options;
        this.link = link;
        this.ownKeys = ownKeys;
        this.asks = asks;
        this.tail = tail;
        this.comparing = comparing;
        this.bulk = bulk;
        this.belongs = belongs;
        this.deliver = deliver;
        this.distrusted = distrusted;
    }

    @Override
    public void up(List<String> memberships, Trust trust) {
        asks.usage().down();
        ownKeys.connected(trust);
        if (bulk != null) {
            bulk.memberships(memberships);
        }
        belongs.accept(memberships);
        deliver.accept(new SyncEvent.Connected(memberships, trust));
        ownKeys.changeWhenOld(options.keyAge());
    }

    @Override
    public void distrusted(String reason) {
        distrusted.run();
    }

    @Override
    public void down() {
        asks.down();
        tail.down();
        if (bulk != null) {
            bulk.down();
        }
        deliver.accept(new SyncEvent.Disconnected());
    }

    @Override
    public void received(Frame frame) {
        try {
            switch (frame) {
                case Frame.Head head -> head(head);
                case Frame.CommitFrame commit -> commit(Frames.commit(commit));
                case Frame.CommitFrames commits -> Frames.commits(commits).forEach(this::commit);
                case Frame.SnapshotBegin _, Frame.SnapshotPart _, Frame.SnapshotEnd _ -> snapshot(frame);
                case Frame.SnapshotStored(String name) -> way().stored(name);
                case Frame.BlobStored(String sha256, String refusal) -> way().blob(sha256, refusal);
                case Frame.FleetKeyGiven(int epoch, String sealed) -> ownKeys.given(epoch, sealed);
                case Frame.KeysChanged(String key) -> ownKeys.changed(key);
                case Frame.Bye(String reason) -> LOG.info("sync: the control plane ends the stream: {}", reason);
                case Frame.OrderGiven(long number, Order order) -> asks.order(number, order);
                case Frame.Tail(List<String> functions) -> tail.watch(functions);
                case Frame.KvWritten(long number, String refusal) -> asks.kv().written(number, refusal);
                case Frame.KvMore(long number, int pieces) -> asks.kv().more(number, pieces);
                case Frame.UsageTaken taken -> asks.usage().taken(taken);
                case Frame.Challenge _, Frame.Welcome _ -> nonsense("a second beginning");
                case Frame.Hello _,
                        Frame.Intro _,
                        Frame.ChangeKeys _,
                        Frame.Ack _,
                        Frame.Nack _,
                        Frame.Alive _,
                        Frame.OrderDone _,
                        Frame.KvAsked _,
                        Frame.KvUploadAsked _,
                        Frame.KvPiece _,
                        Frame.Usage _,
                        Frame.Wanted _,
                        Frame.Compared _,
                        Frame.BlobWanted _,
                        Frame.Records _ -> nonsense("what only nodes send");
            }
        } catch (IllegalArgumentException wrong) {
            nonsense(String.valueOf(wrong.getMessage()));
        }
    }

    private void commit(SignedCommit commit) {
        if (bulk == null) {
            deliver.accept(new SyncEvent.CommitReceived(commit));
        } else {
            bulk.sent(commit);
        }
    }

    private BulkWay way() {
        if (bulk == null) {
            throw new IllegalArgumentException("what lies on a bus, to a node that reads none");
        }
        return bulk;
    }

    private void head(Frame.Head head) {
        deliver.accept(new SyncEvent.HeadReceived(head.history(), head.revision()));
        if (bulk != null) {
            bulk.head(head.history(), head.revision());
        }
        asks.usage().greeted();
        if (Boolean.TRUE.equals(head.compare())) {
            comparing.tell();
        }
    }

    /** A message of a snapshot, from the stream or from a bus. */
    void snapshot(Frame frame) {
        switch (frame) {
            case Frame.SnapshotBegin(String history, long revision, long floor, long entries) -> {
                snapshotCharacters = 0;
                deliver.accept(new SyncEvent.SnapshotBegun(history, revision, floor, entries));
            }
            case Frame.SnapshotPart part -> snapshotPart(part);
            case Frame.SnapshotEnd(long revision, long entries, Signed proof) ->
                deliver.accept(new SyncEvent.SnapshotEnded(revision, entries, Frames.proof(proof)));
            default -> nonsense("another message within a snapshot");
        }
    }

    private void snapshotPart(Frame.SnapshotPart part) {
        for (Item item : part.entries()) {
            snapshotCharacters += item.key().length() + item.value().length();
        }
        if (snapshotCharacters > options.maxSnapshotCharacters()) {
            nonsense("a snapshot of more than " + options.maxSnapshotCharacters() + " characters");
            return;
        }
        deliver.accept(new SyncEvent.SnapshotPart(Frames.entries(part)));
    }

    private void nonsense(String what) {
        LOG.warn("sync: the control plane sent {}", what);
        link.reset();
        if (bulk != null) {
            bulk.down();
        }
        deliver.accept(new SyncEvent.Disconnected());
    }
}
