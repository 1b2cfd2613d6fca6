package dev.verge.cache.collapse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.store.Lookup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Lets one request fetch and the others with its key wait. Thread-safe; never blocks. Flights are as many as there are leaders, so
 * bounded by the requests in the node; the memory of uncacheable keys has its own bound.
 */
public final class Collapser {
    private static final int MAX_UNCACHEABLE_KEYS = 100_000;
    /** Long enough to spare a busy uncacheable page from queues, short enough to notice that it became cacheable. */
    private static final Duration UNCACHEABLE_REMEMBERED = Duration.ofMinutes(2);

    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final Cache<CacheKey, Boolean> uncacheable;
    private final Predicate<Lookup> outdated;

    /**
     * A collapser without flights.
     *
     * @param outdated whether a purge since that lookup may strike what it leads to ({@code TieredCache::outdated}): then a
     *     request that came after the purge must not get it
     */
    public Collapser(Predicate<Lookup> outdated) {
        this(outdated, Ticker.systemTicker());
    }

    Collapser(Predicate<Lookup> outdated, Ticker ticker) {
        this.outdated = outdated;
        this.uncacheable = Caffeine.newBuilder()
                .maximumSize(MAX_UNCACHEABLE_KEYS)
                .expireAfterWrite(UNCACHEABLE_REMEMBERED)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Joins the fetch for a key, or begins it.
     *
     * @param lookup the caller's own, from just before
     * @param patience how long to wait for another request's fetch
     */
    public Role join(Lookup lookup, Duration patience) {
        CacheKey key = lookup.key();
        if (uncacheable.getIfPresent(key) != null) {
            return new Role.Alone();
        }
        var own = new Flight(this, lookup);
        Flight flight = joined(own);
        if (flight == own) {
            return new Role.Lead(own);
        }
        // A copy: the time-out of one waiter is nobody else's business.
        CompletableFuture<Ending> ending = flight.ending().copy();
        if (!ending.isDone()) {
            ending = ending.completeOnTimeout(new Ending.TimedOut(), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new Role.Wait(ending);
    }

    /**
     * Begins a fetch that nobody waits for, also when answers of this key were not for sharing a moment ago: else every request
     * that gets a stale response would start one.
     *
     * @return empty when another fetch for the key is under way
     */
    public Optional<Flight> begin(Lookup lookup) {
        var own = new Flight(this, lookup);
        return joined(own) == own ? Optional.of(own) : Optional.empty();
    }

    private Flight joined(Flight own) {
        return flights.compute(
                own.lookup().key(),
                (same, current) -> current == null || outdated.test(current.lookup()) ? own : current);
    }

    /** Fetches under way. */
    public int flights() {
        return flights.size();
    }

    void remove(Flight flight) {
        flights.remove(flight.lookup().key(), flight);
    }

    void uncacheable(CacheKey key) {
        uncacheable.put(key, true);
    }

    /** An answer for this key could be stored after all: from now on requests wait for each other again. */
    public void cacheable(CacheKey key) {
        uncacheable.invalidate(key);
    }
}
