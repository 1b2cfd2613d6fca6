package dev.verge.cache.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.partial.RangeMemory.Way;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RangeMemoryTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RangeMemory memory = new RangeMemory(nanos::get);

    private static CacheKey key(String path) {
        RequestHead request = new RequestHead("GET", "http", "h", path, null, HttpFields.EMPTY);
        return CacheKey.of("s", request, CacheOptions.DEFAULT.key());
    }

    @Test
    void whatIsNotRememberedIsAskedForInSlices() {
        assertThat(memory.way(key("/a"))).isEqualTo(Way.SLICES);
    }

    @Test
    void anExceptionHoldsForItsKeyAndForAWhile() {
        memory.remember(key("/a"), Way.WHOLE);

        assertThat(memory.way(key("/a"))).isEqualTo(Way.WHOLE);
        assertThat(memory.way(key("/b"))).isEqualTo(Way.SLICES);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(memory.way(key("/a"))).isEqualTo(Way.SLICES);
    }
}
