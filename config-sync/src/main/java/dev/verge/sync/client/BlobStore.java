package dev.verge.sync.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The blobs of a node: on its disk, fetched when missing, verified always. Safe for use from any thread. */
public final class BlobStore {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
    private static final int TRIES = 3;
    private static final int MAX_REMEMBERED = 10_000;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Vertx vertx;
    private final WorkerExecutor disk;
    private final BlobFiles files;
    private final BlobSource source;
    private final Map<String, Future<Void>> fetching = new ConcurrentHashMap<>();
    private final Set<String> verified = ConcurrentHashMap.newKeySet();

    BlobStore(Vertx vertx, WorkerExecutor disk, BlobFiles files, BlobSource source) {
        this.vertx = vertx;
        this.disk = disk;
        this.files = files;
        this.source = source;
    }

    /** A blob's content, verified; fetched when it is not on disk. Fails when it cannot be had. */
    public Future<Buffer> read(String sha256) {
        return local(sha256)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found.get())
                        : ensure(sha256)
                                .compose(v -> local(sha256))
                                .map(read -> read.orElseThrow(() ->
                                        new IllegalStateException("blob " + sha256 + " vanished from the disk"))));
    }

    /** The file of a blob, verified once in a run of the node; fetched when it is not on disk. Fails when it cannot be had. */
    public Future<Path> file(String sha256) {
        check(sha256);
        return onDisk(() -> verified.contains(sha256) && files.has(sha256))
                .compose(known ->
                        known ? Future.succeededFuture() : ensure(sha256).onSuccess(v -> remember(sha256)))
                .map(v -> files.path(sha256));
    }

    private void remember(String sha256) {
        if (verified.size() >= MAX_REMEMBERED) {
            verified.clear();
        }
        verified.add(sha256);
    }

    private Future<Optional<Buffer>> local(String sha256) {
        check(sha256);
        return onDisk(() -> {
            byte[] content = files.read(sha256);
            return content == null ? Optional.<Buffer>empty() : Optional.of(Buffer.buffer(content));
        });
    }

    /** Where a blob's file is, if it is on disk. Not verified by this call. */
    public Optional<Path> path(String sha256) {
        check(sha256);
        return files.has(sha256) ? Optional.of(files.path(sha256)) : Optional.empty();
    }

    /** Sees to it that a blob is on disk and verified. Several callers share one fetch. */
    Future<Void> ensure(String sha256) {
        check(sha256);
        return fetching.computeIfAbsent(sha256, key -> {
            Future<Void> fetch = onDisk(() -> files.verify(sha256))
                    .compose(there -> there ? Future.succeededFuture() : fetch(sha256));
            fetch.onComplete(done -> vertx.runOnContext(v -> fetching.remove(sha256)));
            return fetch;
        });
    }

    Future<Void> ensure(Set<String> sha256) {
        return Future.join(sha256.stream().map(this::ensure).toList()).mapEmpty();
    }

    /** The same, trying a few times. */
    Future<Void> bring(Set<String> sha256) {
        return bring(sha256, 1);
    }

    private Future<Void> bring(Set<String> sha256, int attempt) {
        return ensure(sha256).recover(e -> {
            if (attempt >= TRIES) {
                return Future.failedFuture(e);
            }
            LOG.warn("sync: a blob could not be fetched: {}", e.getMessage());
            return vertx.timer(PAUSE.toMillis() * attempt, TimeUnit.MILLISECONDS)
                    .compose(v -> bring(sha256, attempt + 1));
        });
    }

    private Future<Void> fetch(String sha256) {
        return onDisk(() -> files.incoming(sha256))
                .compose(part -> source.fetch(sha256, part)
                        .compose(fetched ->
                                onDisk(() -> files.keep(part, sha256)).<Void>mapEmpty())
                        .onFailure(failed -> vertx.fileSystem().delete(part.toString())));
    }

    private <T> Future<T> onDisk(Callable<T> action) {
        return disk.<T>executeBlocking(action, false).map(Objects::requireNonNull);
    }

    private static void check(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a blob's name has 64 hex digits: " + sha256);
        }
    }
}
