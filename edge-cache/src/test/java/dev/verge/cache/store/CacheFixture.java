package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A cache on a real folder and short words for what tests do with it. Every wait has a deadline. */
final class CacheFixture implements AutoCloseable {
    static final String SCOPE = "default/site#1";
    private static final long DEADLINE_SECONDS = 20;

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
    final TieredCache cache;

    CacheFixture(CacheSettings settings) throws CacheOpenException {
        this(settings, TieredCache.MAX_MARKS);
    }

    CacheFixture(CacheSettings settings, int maxMarks) throws CacheOpenException {
        cache = TieredCache.open(settings, registry, allocator, maxMarks);
    }

    static CacheFixture open(Path folder) throws CacheOpenException {
        return new CacheFixture(CacheSettings.of(folder, 32 << 20, 256 << 20));
    }

    static RequestHead get(String path, String... fields) {
        int question = path.indexOf('?');
        return new RequestHead(
                "GET",
                "http",
                "shop.example",
                question < 0 ? path : path.substring(0, question),
                question < 0 ? null : path.substring(question + 1),
                HttpFields.of(fields));
    }

    static CacheKey key(String path) {
        return CacheKey.of(SCOPE, get(path), CacheOptions.DEFAULT.key());
    }

    static StoredResponse draft(RequestHead request, String... fields) {
        HttpFields all = HttpFields.of(fields).with("Cache-Control", "max-age=3600");
        Instant now = Instant.now();
        return switch (StoreDecision.decide(request, new ResponseHead(200, all), now, now, CacheOptions.DEFAULT)) {
            case StoreDecision.Store store -> store.draft();
            case StoreDecision.DoNotStore refused -> throw new AssertionError(refused);
        };
    }

    /** A body that is different for each seed. */
    static byte[] body(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    Fill begin(String path, String... fields) {
        return begin(lookup(path), get(path), fields);
    }

    Fill begin(Lookup lookup, RequestHead request, String... fields) {
        return cache.insert(lookup, draft(request, fields), CacheOptions.DEFAULT.maxObjectBytes());
    }

    /** Stores a body and waits until it is on disk. */
    void store(String path, byte[] body, String... fields) {
        write(begin(path, fields), body).complete();
        awaitIdle();
    }

    /** Writes in pieces of odd sizes, pausing when asked to. */
    Fill write(Fill fill, byte[] body) {
        int piece = 7_001;
        for (int at = 0; at < body.length; at += piece) {
            ByteBuf data = Unpooled.wrappedBuffer(body, at, Math.min(piece, body.length - at));
            await(fill.write(data));
        }
        return fill;
    }

    Lookup lookup(String path) {
        return await(cache.lookup(key(path)));
    }

    /** The body stored under a path; empty when there is none. */
    Optional<byte[]> read(String path) {
        Lookup lookup = lookup(path);
        return lookup.variants().isEmpty()
                ? Optional.empty()
                : read(lookup, lookup.variants().getLast());
    }

    Optional<byte[]> read(Lookup lookup, StoredResponse response) {
        Optional<BodyReader> reader = await(cache.open(lookup, response));
        return reader.isPresent() ? Optional.of(drain(reader.get())) : Optional.empty();
    }

    static byte[] drain(BodyReader reader) {
        try (reader;
                var bytes = new java.io.ByteArrayOutputStream()) {
            while (true) {
                ByteBuf piece = await(reader.next());
                if (!piece.isReadable()) {
                    return bytes.toByteArray();
                }
                piece.readBytes(bytes, piece.readableBytes());
                piece.release();
            }
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Waits until no fill is under way and no disk work is left. */
    void awaitIdle() {
        awaitTrue(() -> gauge("verge.cache.fills.active") == 0 && gauge("verge.cache.disk.queue") == 0);
    }

    double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached in time");
            }
            Thread.onSpinWait();
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError(late);
        }
    }

    long heldBuffers() {
        return allocator.metric().directArenas().stream()
                .mapToLong(arena -> arena.numActiveAllocations())
                .sum();
    }

    /** Closes the cache; a buffer that nobody gave back fails the test. */
    @Override
    public void close() {
        cache.close();
        awaitTrue(() -> heldBuffers() == 0);
        // This thread's share of the allocator would stay until the thread ends.
        FastThreadLocal.removeAll();
    }
}
