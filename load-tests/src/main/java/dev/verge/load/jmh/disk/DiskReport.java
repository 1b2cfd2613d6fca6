package dev.verge.load.jmh.disk;

import dev.verge.cache.store.CacheOpenException;
import dev.verge.load.jmh.Machine;
import dev.verge.load.jmh.Report;
import dev.verge.load.jmh.Samples;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Puts and gets of one size after the other, one at a time; each contender writes all, then both read all. */
public final class DiskReport {
    private static final int CROWD = 8;
    private static final int COLD_SEED = 100;
    private static final int WARM_SEED = 101;

    /** A size and how many bodies of it: enough for a 99th percentile that is not one outlier, and short runs. */
    private record Load(int bodyBytes, int bodies) {}

    private static final List<Load> LOADS = List.of(
            new Load(1 << 10, 20_000), new Load(32 << 10, 8_000), new Load(1 << 20, 400), new Load(16 << 20, 40));

    private final Report report;
    private final Path folder;

    private DiskReport(Report report, Path folder) {
        this.report = report;
        this.folder = folder;
    }

    public static void print(Report report, Path folder) throws IOException, CacheOpenException {
        boolean cold = Machine.dropPageCache();
        report.text(
                ("One operation at a time, or 8 by 8 threads; bodies of random bytes, each read once by a thread, in random order. Writes end in the page"
                                + " cache on both sides (neither calls fsync); \"MB/s\" includes a `sync` of the machine after the last one."
                                + " \"cold\": %s. \"warm\": passes right after it.")
                        .formatted(
                                cold
                                        ? "after closing and emptying the page cache, opened again"
                                        : "NOT cold: this user may not empty the page cache, so the system answers from it"));
        report.header(
                "body",
                "operation",
                "cache p50 µs",
                "cache p99 µs",
                "cache MB/s",
                "files p50 µs",
                "files p99 µs",
                "files MB/s",
                "p50 cache / files");
        var run = new DiskReport(report, folder);
        double answered = 0;
        for (Load load : LOADS) {
            answered += run.one(load);
        }
        report.text("Lookups that the cache answered from memory after all, of %d: %.0f."
                .formatted(LOADS.stream().mapToInt(Load::bodies).sum() * (2 + CROWD), answered));
        Fio.print(report, folder, LOADS.stream().map(Load::bodyBytes).toList());
    }

    private double one(Load load) throws IOException, CacheOpenException {
        Path place = folder.resolve(Integer.toString(load.bodyBytes()));
        try (var cache = new TieredBodies(place.resolve("cache"));
                var files = new PlainFiles(place.resolve("files"), load.bodyBytes())) {
            compare(load, "put", put(load, cache), put(load, files));
            Reads ofCache = reads(load, cache);
            Reads ofFiles = reads(load, files);
            compare(load, "get, cold", ofCache.cold(), ofFiles.cold());
            compare(load, "get, warm", ofCache.warm(), ofFiles.warm());
            compare(load, "get, warm, 8 at once", ofCache.crowded(), ofFiles.crowded());
            return cache.memoryHits();
        } finally {
            remove(place);
        }
    }

    /** Durations of operations, and of all of them together with what had to be waited for at the end. */
    private record Pass(Samples samples, double seconds) {}

    private static Pass put(Load load, Contender contender) throws IOException {
        byte[] bytes = new byte[load.bodyBytes()];
        var random = new SplittableRandom(7);
        random.nextBytes(bytes);
        ByteBuf body = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        var samples = new Samples(load.bodies());
        Machine.syncAll();
        long start = System.nanoTime();
        for (int i = 0; i < load.bodies(); i++) {
            body.setLong(0, i);
            long before = System.nanoTime();
            contender.put(i, body);
            samples.add(System.nanoTime() - before);
        }
        Machine.syncAll();
        body.release();
        return new Pass(samples, (System.nanoTime() - start) / 1e9);
    }

    private record Reads(Pass cold, Pass warm, Pass crowded) {}

    /** All passes of one contender before the other one's, whose emptying of the page cache would make them cold again. */
    private static Reads reads(Load load, Contender contender) throws IOException {
        contender.reopen();
        Machine.dropPageCache();
        Pass cold = get(load, contender, COLD_SEED);
        Pass warm = get(load, contender, WARM_SEED);
        return new Reads(cold, warm, crowd(load, contender));
    }

    private static Pass crowd(Load load, Contender contender) throws IOException {
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CROWD)) {
            List<Future<Pass>> passes = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                int seed = i;
                passes.add(threads.submit(() -> get(load, contender, seed)));
            }
            var all = new Samples(CROWD * load.bodies());
            for (Future<Pass> pass : passes) {
                all.addAll(pass.get().samples());
            }
            return new Pass(all, (System.nanoTime() - start) / 1e9 / CROWD);
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    /** Reads everything once, in an order of its own: nobody finds in memory what another one just read. */
    private static Pass get(Load load, Contender contender, int seed) throws IOException {
        var samples = new Samples(load.bodies());
        int[] order = shuffled(load.bodies(), seed);
        for (int number : order) {
            long before = System.nanoTime();
            long length = contender.get(number);
            samples.add(System.nanoTime() - before);
            if (length != load.bodyBytes()) {
                throw new IOException(contender.name() + " lost body " + number + ": " + length);
            }
        }
        return new Pass(samples, samples.totalSeconds());
    }

    private static int[] shuffled(int count, int seed) {
        int[] order = new int[count];
        var random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private void compare(Load load, String operation, Pass cache, Pass files) {
        double megabytes = (double) load.bodyBytes() * load.bodies() / 1e6;
        report.row(
                (load.bodyBytes() >> 10) + " KiB × " + load.bodies(),
                operation,
                cache.samples().micros(50),
                cache.samples().micros(99),
                megabytes / cache.seconds(),
                files.samples().micros(50),
                files.samples().micros(99),
                megabytes / files.seconds(),
                cache.samples().micros(50) / files.samples().micros(50));
    }

    private static void remove(Path place) throws IOException {
        try (var files = Files.walk(place)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
