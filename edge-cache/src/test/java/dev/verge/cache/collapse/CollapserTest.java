package dev.verge.cache.collapse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.PurgeMark;
import dev.verge.cache.store.TieredCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollapserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RequestHead GET = new RequestHead("GET", "http", "a.example", "/", null, HttpFields.EMPTY);

    private final AtomicLong nanos = new AtomicLong();
    private TieredCache cache;
    private Collapser collapser;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        cache = TieredCache.open(CacheSettings.of(folder, 16 << 20, 0), new SimpleMeterRegistry());
        collapser = new Collapser(cache::outdated, nanos::get);
    }

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void oneLeadsAndTheOthersWait() {
        Flight flight = lead();
        CompletableFuture<Ending> first = await();
        CompletableFuture<Ending> second = await();
        assertThat(first).isNotDone();
        flight.failed();
        assertThat(first.join()).isEqualTo(new Ending.Failed());
        assertThat(second.join()).isEqualTo(new Ending.Failed());
        assertThat(collapser.flights()).isZero();
        lead();
    }

    @Test
    void everybodyWhoComesBeforeTheFillEndsFollowsIt() {
        Flight flight = lead();
        CompletableFuture<Ending> early = await();
        Fill fill = fill();
        flight.stored(fill);
        assertThat(early.join()).isEqualTo(new Ending.Stored(fill));
        assertThat(await().join()).isEqualTo(new Ending.Stored(fill));
        fill.complete();
        assertThat(collapser.flights()).isZero();
        assertThat(lookup().variants()).hasSize(1);
    }

    @Test
    void anUncacheableAnswerReleasesAllAndIsRemembered() {
        Flight flight = lead();
        CompletableFuture<Ending> waiter = await();
        flight.uncacheable();
        assertThat(waiter.join()).isEqualTo(new Ending.Uncacheable());
        assertThat(collapser.join(lookup(), PATIENCE)).isEqualTo(new Role.Alone());
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(3));
        lead();
    }

    @Test
    void aStorableAnswerEndsThatMemory() {
        lead().uncacheable();
        collapser.cacheable(lookup().key());
        lead();
    }

    @Test
    void whenTheLeaderLeavesAWaiterTakesOver() {
        Flight flight = lead();
        CompletableFuture<Ending> waiter = await();
        flight.gone();
        assertThat(waiter.join()).isEqualTo(new Ending.LeaderGone());
        lead();
        assertThat(await()).isNotDone();
    }

    @Test
    void anAnswerForTheLeaderAloneIsNotRememberedAgainstOthers() {
        Flight flight = lead();
        CompletableFuture<Ending> waiter = await();
        flight.forLeaderAlone();
        assertThat(waiter.join()).isEqualTo(new Ending.ForLeaderAlone());
        lead();
    }

    @Test
    void onlyTheFirstEndingCounts() {
        Flight flight = lead();
        CompletableFuture<Ending> waiter = await();
        flight.refreshed();
        flight.uncacheable();
        flight.gone();
        assertThat(waiter.join()).isEqualTo(new Ending.Refreshed());
        lead();
    }

    @Test
    void oneWaiterTimingOutLeavesTheOthersWaiting() {
        Flight flight = lead();
        CompletableFuture<Ending> patient = await();
        Role role = collapser.join(lookup(), Duration.ofMillis(1));
        assertThat(role).isInstanceOf(Role.Wait.class);
        assertThat(((Role.Wait) role).ending().orTimeout(20, TimeUnit.SECONDS).join())
                .isEqualTo(new Ending.TimedOut());
        assertThat(patient).isNotDone();
        flight.gone();
        assertThat(patient.join()).isEqualTo(new Ending.LeaderGone());
    }

    @Test
    void whoComesAfterAPurgeDoesNotWaitForAFetchFromBefore() {
        Flight before = lead();
        cache.purge(List.of(PurgeMark.everything("s", false))).join();
        Flight after = lead();
        before.gone();
        CompletableFuture<Ending> waiter = await();
        after.refreshed();
        assertThat(waiter.join()).isEqualTo(new Ending.Refreshed());
    }

    private Flight lead() {
        Role role = collapser.join(lookup(), PATIENCE);
        if (role instanceof Role.Lead lead) {
            return lead.flight();
        }
        throw new AssertionError(role);
    }

    private CompletableFuture<Ending> await() {
        Role role = collapser.join(lookup(), PATIENCE);
        if (role instanceof Role.Wait wait) {
            return wait.ending();
        }
        throw new AssertionError(role);
    }

    private Lookup lookup() {
        return cache.lookup(CacheKey.of("s", GET, CacheOptions.DEFAULT.key())).join();
    }

    private Fill fill() {
        var head = new ResponseHead(200, HttpFields.of("Cache-Control", "max-age=60"));
        Instant now = Instant.now();
        if (StoreDecision.decide(GET, head, now, now, CacheOptions.DEFAULT) instanceof StoreDecision.Store store) {
            return cache.insert(lookup(), store.draft(), Long.MAX_VALUE);
        }
        throw new AssertionError("storable");
    }
}
