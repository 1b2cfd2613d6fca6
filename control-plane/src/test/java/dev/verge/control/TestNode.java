package dev.verge.control;

import static dev.verge.control.RunningControlPlane.join;

import dev.verge.sync.client.Applier;
import dev.verge.sync.client.LiveTail;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.client.UsageSource;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A node without a data plane: config-sync's real client, which records what it gets and refuses what the test wants refused. */
final class TestNode implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<LogEntry> entries = new LinkedBlockingQueue<>();
    private final SyncClient client;

    TestNode(URI controlPlane, String token, Path folder, Predicate<LogEntry> refused) {
        this(controlPlane, token, folder, refused, OrderHandler.NONE);
    }

    TestNode(URI controlPlane, String token, Path folder, Predicate<LogEntry> refused, OrderHandler orders) {
        this(controlPlane, token, folder, refused, orders, false);
    }

    TestNode(
            URI controlPlane,
            String token,
            Path folder,
            Predicate<LogEntry> refused,
            OrderHandler orders,
            boolean allowShared) {
        client = join(SyncClient.open(
                vertx,
                SyncClientOptions.of(List.of(controlPlane), token, folder, "test")
                        .withAllowShared(allowShared),
                new Applier() {
                    @Override
                    public void belongs(List<String> groups) {}

                    @Override
                    public Future<ApplyResult> restore(State state) {
                        return Future.succeededFuture(ApplyResult.applied());
                    }

                    @Override
                    public Future<ApplyResult> apply(Commit commit) {
                        return take(commit.entries());
                    }

                    @Override
                    public Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missedPurges) {
                        return take(snapshot.entries());
                    }

                    private Future<ApplyResult> take(List<LogEntry> taken) {
                        for (LogEntry entry : taken) {
                            if (refused.test(entry)) {
                                return Future.succeededFuture(ApplyResult.refused(entry.key(), "the test wants it so"));
                            }
                        }
                        entries.addAll(taken);
                        return Future.succeededFuture(ApplyResult.applied());
                    }
                },
                orders));
    }

    /** The next entry with this key, however many others come before it. */
    LogEntry await(String key) {
        try {
            while (true) {
                LogEntry entry = entries.poll(30, TimeUnit.SECONDS);
                if (entry == null) {
                    throw new AssertionError("nothing came for " + key);
                }
                if (entry.key().equals(key)) {
                    return entry;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The first entry whose key starts so. */
    LogEntry awaitKind(String prefix) {
        try {
            while (true) {
                LogEntry entry = entries.poll(30, TimeUnit.SECONDS);
                if (entry == null) {
                    throw new AssertionError("nothing came for " + prefix);
                }
                if (entry.key().startsWith(prefix)) {
                    return entry;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits until its stream has ended and is not taken up again. */
    void awaitCut() {
        awaitConnected(false);
    }

    private void awaitConnected(boolean wanted) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (client.status().connected() != wanted) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the stream stands: " + !wanted);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    /** How often it refused what was not signed. */
    long distrusted() {
        return client.status().distrusted();
    }

    /** A change that a function makes. */
    void write(KvWrite change) {
        awaitConnected(true);
        join(client.write(change));
    }

    /** The same with a long value. */
    void upload(KvWrite change, byte[] value) {
        awaitConnected(true);
        KvUpload upload = client.upload(change);
        for (int at = 0; at < value.length; at += KvUpload.MAX_PIECE_BYTES) {
            int to = Math.min(value.length, at + KvUpload.MAX_PIECE_BYTES);
            join(upload.add(Buffer.buffer(Arrays.copyOfRange(value, at, to))));
        }
        join(upload.finish());
    }

    /** Begins with a long value and does not go on. */
    void uploadStart(KvWrite change, byte[] start) {
        awaitConnected(true);
        join(client.upload(change).add(Buffer.buffer(start)));
    }

    /** Where its runs of watched functions go. */
    LiveTail tail() {
        return client.tail();
    }

    /** Where what it counts comes from. */
    void counts(UsageSource source) {
        client.usage().from(source);
    }

    byte[] blob(String sha256) {
        Buffer bytes = join(client.blobs().read(sha256));
        return bytes.getBytes();
    }

    @Override
    public void close() {
        join(client.close());
        join(vertx.close());
    }
}
