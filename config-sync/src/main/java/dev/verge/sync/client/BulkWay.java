package dev.verge.sync.client;

import dev.verge.sync.log.Position;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's end of a bus: reads commits, snapshots and blobs there, and asks the control plane for what is not. On the client's context. */
final class BulkWay implements BlobSource {
    private static final Logger LOG = LoggerFactory.getLogger(BulkWay.class);

    private final Context context;
    private final SyncClientOptions options;
    private final WorkerExecutor disk;
    private final ControlPlaneLink link;
    private final BlobFiles files;
    private final Bulk bulk;
    private final Follower follower;
    private final Consumer<Frame> snapshotFrames;
    private final Map<String, Promise<Void>> asked = new HashMap<>();
    private Position since = Position.START;
    private List<String> memberships = List.of();
    /** Whether a snapshot is on its way: until it is there nothing is read. */
    private boolean arriving;

    /**
     * Reads nothing yet.
     *
     * @param believed whether a commit that is due is signed as it must be
     * @param snapshotFrames takes the messages of a snapshot
     */
    BulkWay(
            Context context,
            SyncClientOptions options,
            WorkerExecutor disk,
            ControlPlaneLink link,
            StateFolder folder,
            Bulk bulk,
            Predicate<SignedCommit> believed,
            Consumer<SignedCommit> commits,
            Consumer<Frame> snapshotFrames) {
        this.context = context;
        this.options = options;
        this.disk = disk;
        this.link = link;
        this.files = folder.files();
        this.bulk = bulk;
        this.snapshotFrames = snapshotFrames;
        this.follower = new Follower(folder.ring()::holds, believed, new Follower.Out() {
            @Override
            public void deliver(SignedCommit commit) {
                commits.accept(commit);
            }

            @Override
            public void want(long after, long upTo) {
                link.send(new Frame.Wanted(after, upTo));
            }
        });
    }

    /** The node has said that it stands there; the control plane answers with the log's head, or with a snapshot. */
    void subscribed(Position from) {
        since = from;
        arriving = false;
        follower.end();
    }

    void memberships(List<String> now) {
        memberships = now;
    }

    void head(String history, long revision) {
        if (arriving) {
            return;
        }
        if (!follower.on() && history.equals(since.history())) {
            begin(history, since.revision());
        } else if (follower.head(revision)) {
            LOG.debug("sync: the bus stands still at {}, the log is at {}", follower.last(), revision);
            bulk.read(history, follower.last(), follower::item);
        }
    }

    private void begin(String history, long after) {
        since = new Position(history, after);
        follower.begin(after, memberships);
        bulk.read(history, after, follower::item);
    }

    /** The control plane sent a commit itself. */
    void sent(SignedCommit commit) {
        follower.sent(commit);
    }

    void acked(long revision) {
        follower.acked(revision);
    }

    /** A snapshot lies on the bus. */
    void stored(String name) {
        arriving = true;
        follower.end();
        long stream = link.streams();
        disk.executeBlocking(() -> files.incoming(name(name)), false)
                .compose(file -> bulk.snapshot(name, file, options.maxSnapshotCharacters())
                        .compose(v -> read(file, stream))
                        .eventually(() -> disk.executeBlocking(() -> Files.deleteIfExists(file), false)))
                .onFailure(e -> context.runOnContext(v -> {
                    if (link.streams() == stream) {
                        LOG.warn("sync: the snapshot {} cannot be had: {}", name, e.getMessage());
                        link.giveUp();
                    }
                }));
    }

    private static String name(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_") + "_".repeat(16);
    }

    private Future<Void> read(Path file, long stream) {
        return disk.<Boolean>executeBlocking(
                        () -> {
                            try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
                                for (Frame next = next(in); next != null; next = next(in)) {
                                    Frame frame = next;
                                    context.runOnContext(v -> {
                                        if (link.streams() == stream) {
                                            take(frame);
                                        }
                                    });
                                }
                            }
                            return true;
                        },
                        false)
                .mapEmpty();
    }

    private static @Nullable Frame next(DataInputStream in) throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException end) {
            return null;
        }
        if (length < 1 || length > Frame.MAX_BYTES) {
            throw new IOException("a snapshot with a message of " + length + " bytes");
        }
        Frame frame = Frame.decode(Packed.unpack(in.readNBytes(length)));
        return switch (frame) {
            case Frame.SnapshotBegin begin -> begin;
            case Frame.SnapshotPart part -> part;
            case Frame.SnapshotEnd end -> end;
            default -> throw new IOException("a snapshot with other messages");
        };
    }

    private void take(Frame frame) {
        if (frame instanceof Frame.SnapshotBegin(String history, long revision, long floor, long entries)) {
            since = new Position(history, revision);
        }
        snapshotFrames.accept(frame);
        if (frame instanceof Frame.SnapshotEnd) {
            arriving = false;
            begin(since.history(), since.revision());
        }
    }

    @Override
    public Future<Void> fetch(String sha256, Path into) {
        return bulk.blob(sha256, into, options.maxBlobBytes())
                .compose(there -> there
                        ? Future.succeededFuture()
                        : ask(sha256)
                                .compose(v -> bulk.blob(sha256, into, options.maxBlobBytes()))
                                .compose(now -> now
                                        ? Future.succeededFuture()
                                        : Future.failedFuture("blob " + sha256 + " is not on the bus")));
    }

    private Future<Void> ask(String sha256) {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(v -> {
            if (link.session().isEmpty()) {
                answer.fail("blob " + sha256 + " is not on disk and no control plane is connected");
                return;
            }
            Promise<Void> before = asked.putIfAbsent(sha256, answer);
            if (before != null) {
                before.future().onComplete(answer);
                return;
            }
            link.send(new Frame.BlobWanted(sha256));
        });
        return answer.future();
    }

    /** The control plane has put a blob on the bus, or cannot. */
    void blob(String sha256, String refusal) {
        Promise<Void> waiting = asked.remove(sha256);
        if (waiting != null && refusal.isEmpty()) {
            waiting.complete();
        } else if (waiting != null) {
            waiting.fail(refusal);
        }
    }

    void down() {
        arriving = false;
        follower.end();
        bulk.stop();
        List<Promise<Void>> left = List.copyOf(asked.values());
        asked.clear();
        left.forEach(each -> each.tryFail("the stream ended"));
    }
}
