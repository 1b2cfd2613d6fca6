package dev.verge.load.jmh.disk;

import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.CacheSettings;
import dev.verge.load.jmh.CacheDriver;
import dev.verge.load.jmh.SampleSite;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;

/** The cache, with the least memory that it takes, so that bodies come from disk. A put ends when the entry is on disk. */
final class TieredBodies implements Contender {
    private static final long MEMORY_BYTES = 1 << 20;
    private static final long DISK_BYTES = 8L << 30;

    private final CacheSettings settings;
    private CacheDriver driver;
    private double memoryHits;

    TieredBodies(Path folder) throws CacheOpenException {
        this.settings = CacheSettings.of(folder, MEMORY_BYTES, DISK_BYTES);
        this.driver = CacheDriver.open(settings);
    }

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public void put(int number, ByteBuf body) {
        var request = SampleSite.bareRequest(number);
        var draft = SampleSite.draft(request, SampleSite.response(body.readableBytes()));
        driver.put(driver.cache().lookup(SampleSite.key(number)).join(), draft, body);
        driver.awaitFills(0);
    }

    @Override
    public long get(int number) {
        return driver.read(SampleSite.key(number));
    }

    /** Lookups that memory answered, of all since this was made. */
    double memoryHits() {
        return memoryHits + driver.count("verge.cache.lookups", "tier", "memory");
    }

    @Override
    public void reopen() throws IOException {
        memoryHits = memoryHits();
        driver.close();
        try {
            driver = CacheDriver.open(settings);
        } catch (CacheOpenException failed) {
            throw new IOException(failed);
        }
    }

    @Override
    public void close() {
        driver.close();
    }
}
