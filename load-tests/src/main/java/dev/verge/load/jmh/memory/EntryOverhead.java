package dev.verge.load.jmh.memory;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.CacheSettings;
import dev.verge.load.jmh.CacheDriver;
import dev.verge.load.jmh.Machine;
import dev.verge.load.jmh.Report;
import dev.verge.load.jmh.SampleSite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What an entry weighs beside its body: on the heap by difference after full collections, and as the tiers count it. */
public final class EntryOverhead {
    private static final int ENTRIES = 100_000;
    private static final int BODY_BYTES = 1024;

    private EntryOverhead() {}

    public static void print(Report report, Path folder) throws IOException, CacheOpenException {
        report.text(
                ("%d entries with a body of %d bytes, a head of %d characters and a key of %d: heap after full collections, minus"
                                + " the heap before.")
                        .formatted(
                                ENTRIES,
                                BODY_BYTES,
                                SampleSite.response(BODY_BYTES).fields().characters(),
                                SampleSite.key(0).text().length()));
        report.header(
                "tier",
                "heap bytes an entry",
                "direct or disk bytes an entry beyond the body",
                "what the bound counts beyond the body");
        memory(report);
        disk(report, folder);
    }

    private static void memory(Report report) throws CacheOpenException {
        long before = Machine.liveHeapBytes();
        long directBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        try (var driver = CacheDriver.open(CacheSettings.of(Path.of("none"), 4L << 30, 0))) {
            fill(driver);
            long heap = Machine.liveHeapBytes() - before;
            long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - directBefore;
            double counted = driver.gauge("verge.cache.memory.bytes");
            report.row(
                    "memory",
                    (double) heap / ENTRIES,
                    (double) direct / ENTRIES - BODY_BYTES,
                    counted / ENTRIES - BODY_BYTES);
        }
    }

    private static void disk(Report report, Path folder) throws IOException, CacheOpenException {
        CacheSettings settings = CacheSettings.of(folder, 1 << 20, 4L << 30);
        // In a frame of its own: what a local variable still names is not collected.
        fillFolder(settings);
        long before = Machine.liveHeapBytes();
        try (var driver = CacheDriver.open(settings)) {
            long heap = Machine.liveHeapBytes() - before;
            double counted = driver.gauge("verge.cache.disk.live.bytes");
            report.row(
                    "disk (index on the heap, rows in the folder)",
                    (double) heap / ENTRIES,
                    (double) Machine.folderBytes(folder) / ENTRIES - BODY_BYTES,
                    counted / ENTRIES - BODY_BYTES);
        }
    }

    private static void fillFolder(CacheSettings settings) throws CacheOpenException {
        try (var driver = CacheDriver.open(settings)) {
            fill(driver);
            driver.awaitFills(0);
        }
    }

    private static void fill(CacheDriver driver) {
        ByteBuf body = Unpooled.directBuffer(BODY_BYTES).writeZero(BODY_BYTES);
        for (int i = 0; i < ENTRIES; i++) {
            RequestHead request = SampleSite.bareRequest(i);
            CacheKey key = SampleSite.key(i);
            // Every entry has its own texts, as responses that came over sockets have.
            driver.put(driver.cache().lookup(key).join(), SampleSite.draft(request, response()), body);
            driver.awaitFills(1000);
        }
        body.release();
    }

    private static ResponseHead response() {
        ResponseHead sample = SampleSite.response(BODY_BYTES);
        var own = sample.fields().toBuilder();
        for (String name : List.of("Content-Type", "Cache-Control", "Date", "ETag", "Last-Modified", "Server")) {
            String value = sample.fields().first(name);
            if (value != null) {
                own.set(name, new String(value.toCharArray()));
            }
        }
        return sample.withFields(own.build());
    }
}
