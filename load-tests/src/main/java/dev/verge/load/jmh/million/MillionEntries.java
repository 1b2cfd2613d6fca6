package dev.verge.load.jmh.million;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.PurgeMark;
import dev.verge.load.jmh.CacheDriver;
import dev.verge.load.jmh.Machine;
import dev.verge.load.jmh.Report;
import dev.verge.load.jmh.SampleSite;
import dev.verge.load.jmh.Samples;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;

/** One million entries, every tenth with the tag that is purged, in three processes one after the other on the same folder. */
public final class MillionEntries {
    private static final int ENTRIES = 1_000_000;
    private static final int TAGGED_EVERY = 10;
    private static final String TAG = "campaign";
    private static final int BODY_BYTES = 256;
    private static final int QUESTIONS = 2_000;
    private static final int PURGES = 500;
    /** Fills that may be under way at once; well below the disk executor's queue. */
    private static final int UNDER_WAY = 1_000;

    private final Report report;
    private final CacheSettings settings;

    public MillionEntries(Report report, Path folder) {
        this.report = report;
        this.settings = CacheSettings.of(folder, 64L << 20, 8L << 30);
    }

    /** First process: fills an empty folder. */
    public void fill() throws IOException, CacheOpenException {
        report.header("filling (1 000 000 entries of %d bytes)".formatted(BODY_BYTES), "value");
        ByteBuf body = Unpooled.directBuffer(BODY_BYTES).writeZero(BODY_BYTES);
        CacheDriver driver = CacheDriver.open(settings);
        long start = System.nanoTime();
        for (int i = 0; i < ENTRIES; i++) {
            RequestHead request = SampleSite.bareRequest(i);
            String[] tag = i % TAGGED_EVERY == 0 ? new String[] {"Cache-Tag", TAG} : new String[0];
            StoredResponse draft = SampleSite.draft(request, SampleSite.response(BODY_BYTES, tag));
            driver.put(driver.cache().lookup(SampleSite.key(i)).join(), draft, body);
            driver.awaitFills(UNDER_WAY);
        }
        driver.awaitFills(0);
        double seconds = secondsSince(start);
        report.row("fill, s", seconds);
        report.row("entries a second", ENTRIES / seconds);
        report.row("entries on disk", driver.gauge("verge.cache.disk.entries"));
        report.row("live MiB on disk", mebibytes((long) driver.gauge("verge.cache.disk.live.bytes")));
        report.row("resident MiB", mebibytes(Machine.residentBytes()));
        start = System.nanoTime();
        driver.close();
        report.row("close, s", secondsSince(start));
        Machine.syncAll();
        report.row("folder, MiB", mebibytes(Machine.folderBytes(settings.folder())));
        report.row(
                "folder bytes an entry beyond its body",
                (double) Machine.folderBytes(settings.folder()) / ENTRIES - BODY_BYTES);
        body.release();
    }

    /** Second process: starts cold, looks up, purges the tag, looks up again. */
    public void purge() throws CacheOpenException {
        boolean cold = Machine.dropPageCache();
        report.header("starting on them and purging 100 000 by tag", "value");
        report.row("page cache", cold ? "emptied before the start" : "not emptied: this user may not");
        long heapBefore = Machine.liveHeapBytes();
        long residentBefore = Machine.residentBytes();
        long start = System.nanoTime();
        CacheDriver driver = CacheDriver.open(settings);
        report.row("open, s", secondsSince(start));
        start = System.nanoTime();
        boolean first = isHit(driver, 1);
        report.row("first lookup after it, µs (" + (first ? "hit" : "MISS") + ")", (System.nanoTime() - start) / 1e3);
        long heap = Machine.liveHeapBytes() - heapBefore;
        report.row(
                "resident MiB before and after",
                mebibytes(residentBefore) + " → " + mebibytes(Machine.residentBytes()));
        report.row("live heap of the index, MiB", mebibytes(heap));
        report.row("heap bytes an entry", (double) heap / ENTRIES);
        ask("before, to be purged", driver, true);
        ask("before, others", driver, false);

        start = System.nanoTime();
        var durable = driver.cache().purge(List.of(PurgeMark.tag(SampleSite.SCOPE, TAG, false)));
        report.row("first purge of the process returns (in effect), µs", (System.nanoTime() - start) / 1e3);
        boolean stillThere = isHit(driver, 0);
        durable.join();
        report.row("first purge of the process durable, µs", (System.nanoTime() - start) / 1e3);
        report.row("lookup before it is durable", stillThere ? "HIT: WRONG" : "miss");
        morePurges(driver);
        ask("after, purged (the same keys)", driver, true);
        ask("after, others (the same keys)", driver, false);
        report.row("live MiB on disk (purged ones leave when asked for or evicted)", mebibytes((long)
                driver.gauge("verge.cache.disk.live.bytes")));
        report.row("resident MiB", mebibytes(Machine.residentBytes()));
        start = System.nanoTime();
        driver.close();
        report.row("close, s", secondsSince(start));
    }

    /** Purges once the code is warm, and what the disk takes to keep as many bytes. */
    private void morePurges(CacheDriver driver) {
        var returned = new Samples(PURGES);
        var durable = new Samples(PURGES);
        for (int i = 0; i < PURGES; i++) {
            long start = System.nanoTime();
            var done = driver.cache().purge(List.of(PurgeMark.tag(SampleSite.SCOPE, "other-" + i, false)));
            returned.add(System.nanoTime() - start);
            done.join();
            durable.add(System.nanoTime() - start);
        }
        report.row("%d more purges return: p50, p99 µs".formatted(PURGES), percentiles(returned));
        report.row("%d more purges durable: p50, p99 µs".formatted(PURGES), percentiles(durable));
        report.row("peer: pwrite of 100 bytes and fdatasync: p50, p99 µs", percentiles(syncedWrites()));
    }

    private Samples syncedWrites() {
        var samples = new Samples(PURGES);
        Path file = settings.folder().resolveSibling(settings.folder().getFileName() + ".sync");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(100);
            for (int i = 0; i < PURGES; i++) {
                long start = System.nanoTime();
                channel.write(bytes.rewind());
                channel.force(false);
                samples.add(System.nanoTime() - start);
            }
            Files.delete(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return samples;
    }

    private static String percentiles(Samples samples) {
        return "%.1f, %.0f".formatted(samples.micros(50), samples.micros(99));
    }

    /** Third process: starts once more; the purge must have survived. */
    public void again() throws CacheOpenException {
        report.header("starting once more, page cache warm", "value");
        long start = System.nanoTime();
        CacheDriver driver = CacheDriver.open(settings);
        report.row("open, s", secondsSince(start));
        ask("purged (the same keys)", driver, true);
        ask("others (the same keys)", driver, false);
        report.row("resident MiB", mebibytes(Machine.residentBytes()));
        driver.close();
    }

    private void ask(String what, CacheDriver driver, boolean tagged) {
        var samples = new Samples(QUESTIONS);
        int hits = 0;
        var random = new SplittableRandom(tagged ? 3 : 4);
        for (int i = 0; i < QUESTIONS; i++) {
            int group = random.nextInt(ENTRIES / TAGGED_EVERY);
            int number = group * TAGGED_EVERY + (tagged ? 0 : 1 + random.nextInt(TAGGED_EVERY - 1));
            CacheKey key = SampleSite.key(number);
            long start = System.nanoTime();
            Lookup lookup = driver.cache().lookup(key).join();
            samples.add(System.nanoTime() - start);
            hits += lookup.variants().isEmpty() ? 0 : 1;
        }
        report.row("%d lookups %s: hits; p50, p99 µs".formatted(QUESTIONS, what), hits + "; " + percentiles(samples));
    }

    private static boolean isHit(CacheDriver driver, int number) {
        return !driver.cache().lookup(SampleSite.key(number)).join().variants().isEmpty();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
