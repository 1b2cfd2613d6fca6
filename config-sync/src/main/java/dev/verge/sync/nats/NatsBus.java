package dev.verge.sync.nats;

import dev.verge.sync.server.Bus;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import io.nats.client.JetStreamApiException;
import io.nats.client.ObjectStore;
import io.nats.client.ObjectStoreOptions;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.StorageType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Puts snapshots and blobs into the object store when nodes ask for them; many that ask at a time share one. Thread-safe. */
final class NatsBus implements Bus {
    /** How long a snapshot serves other nodes of the same view. */
    private static final Duration SHARED = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final NatsLink link;
    private final Subjects subjects;
    private final StreamSettings settings;
    private final LogSource source;
    private final String id;
    private final Supplier<Context> contexts;
    private final AtomicLong number = new AtomicLong();
    private final Map<String, Made> snapshots = new ConcurrentHashMap<>();
    private final Map<String, Future<Void>> blobs = new ConcurrentHashMap<>();

    private record Made(long at, Future<Stored> stored) {
        boolean endsBefore(long revision) {
            return stored.succeeded() && stored.result().written().revision() < revision;
        }
    }

    NatsBus(
            Vertx vertx,
            NatsLink link,
            Subjects subjects,
            StreamSettings settings,
            LogSource source,
            String id,
            Supplier<Context> contexts) {
        this.vertx = vertx;
        this.link = link;
        this.subjects = subjects;
        this.settings = settings;
        this.source = source;
        this.id = id;
        this.contexts = contexts;
    }

    @Override
    public Future<Stored> snapshot(String history, long least, Writer writer) {
        long now = System.nanoTime();
        snapshots.values().removeIf(made -> now - made.at() > SHARED.toNanos() || made.endsBefore(least));
        Promise<Stored> next = Promise.promise();
        Made made = new Made(now, next.future());
        Made before = snapshots.putIfAbsent(history, made);
        if (before != null) {
            return before.stored();
        }
        String name = "snapshot-" + id + "-" + number.incrementAndGet();
        temporary(file -> write(file, writer)
                        .compose(written -> off(() -> {
                            put(name, file);
                            return new Stored(name, written);
                        })))
                .onFailure(e -> snapshots.remove(history, made))
                .onComplete(next);
        return next.future();
    }

    private Future<Written> write(Path path, Writer writer) {
        return onContext(() -> vertx.fileSystem()
                .open(path.toString(), new OpenOptions().setWrite(true).setTruncateExisting(true))
                .compose(file -> writer.write(frame -> file.write(packed(frame)))
                        .compose(
                                written -> file.close().map(written),
                                failed -> file.close().transform(closed -> Future.failedFuture(failed)))));
    }

    private static Buffer packed(Frame frame) {
        byte[] message = Packed.pack(frame.encode());
        return Buffer.buffer(Integer.BYTES + message.length)
                .appendInt(message.length)
                .appendBytes(message);
    }

    @Override
    public Future<Void> blob(String sha256) {
        Promise<Void> next = Promise.promise();
        Future<Void> before = blobs.putIfAbsent(sha256, next.future());
        if (before != null) {
            return before;
        }
        off(() -> has(sha256))
                .compose(there -> there ? Future.<Void>succeededFuture() : bring(sha256))
                .onComplete(done -> {
                    blobs.remove(sha256);
                    next.handle(done.mapEmpty());
                });
        return next.future();
    }

    private boolean has(String sha256) throws IOException, JetStreamApiException {
        ObjectInfo info = objects().getInfo(sha256);
        return info != null && !info.isDeleted();
    }

    private Future<Void> bring(String sha256) {
        return temporary(path -> onContext(() -> source.blob(sha256)
                                .compose(found -> found.isEmpty()
                                        ? Future.failedFuture("there is no blob " + sha256)
                                        : pipe(found.get(), path)))
                        .compose(v -> off(() -> {
                            put(sha256, path);
                            return true;
                        })))
                .mapEmpty();
    }

    private Future<Void> pipe(LogSource.BlobBody blob, Path path) {
        return vertx.fileSystem()
                .open(path.toString(), new OpenOptions().setWrite(true).setTruncateExisting(true))
                .compose((AsyncFile file) -> blob.stream().pipeTo(file))
                .onComplete(done -> blob.close().run());
    }

    /** A store that is full refuses what is new: the oldest goes, and who still wants it asks again. */
    private void put(String name, Path file) throws Exception {
        try {
            store(name, file);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NatsErrors.FULL) {
                throw e;
            }
            makeRoom();
            store(name, file);
        }
    }

    private void store(String name, Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            objects().put(name, in);
        }
    }

    private synchronized void makeRoom() throws IOException, InterruptedException, JetStreamApiException {
        ObjectStore store = objects();
        List<ObjectInfo> oldest = store.getList().stream()
                .filter(each -> !each.isDeleted())
                .sorted(Comparator.comparing(ObjectInfo::getModified))
                .toList();
        long left = oldest.stream().mapToLong(ObjectInfo::getSize).sum();
        long wanted = settings.objectsMaxBytes() / 2;
        for (ObjectInfo each : oldest) {
            if (left <= wanted) {
                return;
            }
            store.delete(each.getObjectName());
            left -= each.getSize();
        }
    }

    /** The store, made when it is not there. */
    private ObjectStore objects() throws IOException, JetStreamApiException {
        ObjectStore store = link.required()
                .objectStore(
                        subjects.bucket(),
                        ObjectStoreOptions.builder()
                                .jsRequestTimeout(NatsLink.ANSWER)
                                .build());
        try {
            var _ = store.getStatus();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() != NatsErrors.NO_STREAM) {
                throw e;
            }
            var _ = link.required()
                    .objectStoreManagement()
                    .create(ObjectStoreConfiguration.builder(subjects.bucket())
                            .storageType(StorageType.File)
                            .replicas(settings.replicas())
                            .ttl(settings.objectsMaxAge())
                            .maxBucketSize(settings.objectsMaxBytes())
                            .build());
        }
        return store;
    }

    private <T> Future<T> temporary(Function<Path, Future<T>> work) {
        return off(() -> Files.createTempFile("verge-nats-", ".part"))
                .compose(file -> work.apply(file).eventually(() -> off(() -> Files.deleteIfExists(file))));
    }

    /** Streams are read on a context of their own. */
    private <T> Future<T> onContext(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        contexts.get().runOnContext(v -> work.get().onComplete(done));
        return done.future();
    }

    private static <T> Future<T> off(Callable<T> work) {
        Promise<T> done = Promise.promise();
        Thread.ofVirtual().name("nats-object").start(() -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return done.future();
    }
}
