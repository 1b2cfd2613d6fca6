package dev.verge.cache.decision;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.EdgeTtl;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do with a request, given what is stored under its key (RFC 9111 §4). Ages and lifetimes are in seconds. */
public sealed interface CacheDecision {
    /** Answer from the store. */
    record ServeFresh(StoredResponse stored, long ageSeconds, long lifetimeSeconds) implements CacheDecision {
        public long ttlSeconds() {
            return lifetimeSeconds - ageSeconds;
        }
    }

    /**
     * Answer from the store although it is stale.
     *
     * @param revalidate true when a background revalidation is due
     */
    record ServeStale(
            StoredResponse stored, long ageSeconds, long lifetimeSeconds, StaleReason reason, boolean revalidate)
            implements CacheDecision {
        /** Negative or zero. */
        public long ttlSeconds() {
            return Math.min(0, lifetimeSeconds - ageSeconds);
        }
    }

    /**
     * Ask the origin whether the stored response still holds (§4.3).
     *
     * @param conditions If-None-Match and If-Modified-Since to send, in place of any the client sent
     */
    record Revalidate(StoredResponse stored, HttpFields conditions, ForwardReason reason) implements CacheDecision {}

    /**
     * Ask the origin for a whole response.
     *
     * @param stale what may still help if the origin fails; null when nothing is stored
     */
    record Fetch(ForwardReason reason, @Nullable StoredResponse stale) implements CacheDecision {}

    /** only-if-cached and nothing usable: answer 504 (§5.2.1.7). */
    record Refuse() implements CacheDecision {}

    /** Neither read nor store: pass on. The reason is {@code BYPASS} or {@code METHOD}. */
    record Bypass(ForwardReason reason) implements CacheDecision {}

    /** What allows a stale answer. */
    enum StaleReason {
        /** RFC 5861 §3, or the site's option. */
        WHILE_REVALIDATE,
        /** RFC 5861 §4, or the site's option. */
        IF_ERROR,
        /** RFC 9111 §5.2.1.2. */
        MAX_STALE
    }

    /**
     * Decides.
     *
     * @param variants everything stored under the request's key, in any order
     */
    static CacheDecision decide(RequestHead request, List<StoredResponse> variants, Instant now, CacheOptions options) {
        if (options.edgeTtl().mode() == EdgeTtl.EdgeMode.BYPASS) {
            return new Bypass(ForwardReason.BYPASS);
        }
        if (!request.isGet() && !request.isHead()) {
            return new Bypass(ForwardReason.METHOD);
        }
        CacheControl asked = RequestDirectives.of(request.fields());
        @Nullable StoredResponse stored = select(request.fields(), variants);
        if (stored == null) {
            ForwardReason miss = variants.isEmpty() ? ForwardReason.URI_MISS : ForwardReason.VARY_MISS;
            return asked.onlyIfCached() ? new Refuse() : new Fetch(miss, null);
        }
        long age = stored.ageSeconds(now);
        long lifetime = stored.lifetimeSeconds(options);
        boolean fresh = age < lifetime && !stored.isSoftPurged() && !stored.alwaysValidate(options);
        if (fresh && accepts(asked, age, lifetime)) {
            return new ServeFresh(stored, age, lifetime);
        }
        @Nullable ServeStale stale = fresh ? null : stale(asked, stored, age, lifetime, options);
        if (stale != null) {
            return stale;
        }
        if (asked.onlyIfCached()) {
            return new Refuse();
        }
        ForwardReason reason = fresh ? ForwardReason.REQUEST : ForwardReason.STALE;
        return stored.hasValidator()
                ? new Revalidate(stored, Validation.conditions(stored), reason)
                : new Fetch(reason, stored);
    }

    /**
     * What to do when the origin gave no answer, or one of 500, 502, 503, 504 (RFC 5861 §4). Reads: serve stale, or null to pass
     * the failure on.
     *
     * @param stored the response that was to be replaced
     */
    static @Nullable ServeStale afterOriginFailure(
            RequestHead request, StoredResponse stored, Instant now, CacheOptions options) {
        CacheControl asked = RequestDirectives.of(request.fields());
        if (asked.noCache()) {
            return null;
        }
        long age = stored.ageSeconds(now);
        long lifetime = stored.lifetimeSeconds(options);
        // RFC 5861 §4: the directive may stand in a request as well; it cannot lift what the response forbids.
        long askedWindow = StaleRules.forbidden(stored, options, false) ? 0 : Math.max(0, asked.staleIfError());
        long window = Math.max(askedWindow, StaleRules.ifErrorSeconds(stored, options));
        boolean allowed = age - lifetime < window;
        return allowed ? new ServeStale(stored, age, lifetime, StaleReason.IF_ERROR, false) : null;
    }

    /** Whether a status counts as an origin failure for {@link #afterOriginFailure}. */
    static boolean isOriginFailure(int status) {
        return StatusRules.isOriginError(status);
    }

    /** §4.1: of those whose Vary fits best, the most recent. */
    private static @Nullable StoredResponse select(HttpFields request, List<StoredResponse> variants) {
        @Nullable StoredResponse best = null;
        Vary.Fit bestFit = Vary.Fit.NONE;
        for (int i = 0; i < variants.size(); i++) {
            StoredResponse candidate = variants.get(i);
            Vary.Fit fit = candidate.vary().fit(request);
            int better = fit.compareTo(bestFit);
            if (better > 0 || (better == 0 && best != null && isNewer(candidate, best))) {
                best = candidate;
                bestFit = fit;
            }
        }
        return best;
    }

    private static boolean isNewer(StoredResponse candidate, StoredResponse best) {
        return candidate.dateMillis() != best.dateMillis()
                ? candidate.dateMillis() > best.dateMillis()
                : !candidate.receivedAt().isBefore(best.receivedAt());
    }

    /** §5.2.1: whether the client takes this fresh response. An unreadable number asks for the strictest. */
    private static boolean accepts(CacheControl asked, long age, long lifetime) {
        if (asked == CacheControl.NONE) {
            return true;
        }
        boolean youngEnough = asked.maxAge() == CacheControl.ABSENT
                || age <= asked.maxAge()
                || (asked.maxStale() != CacheControl.ABSENT && age - Math.max(0, asked.maxAge()) <= asked.maxStale());
        boolean freshEnough = asked.minFresh() == CacheControl.ABSENT
                || (asked.minFresh() >= 0 && lifetime - age >= asked.minFresh());
        return !asked.noCache() && youngEnough && freshEnough;
    }

    private static @Nullable ServeStale stale(
            CacheControl asked, StoredResponse stored, long age, long lifetime, CacheOptions options) {
        boolean clientInsists = asked.noCache() || asked.maxAge() != CacheControl.ABSENT || asked.minFresh() > 0;
        long staleness = Math.max(0, age - lifetime);
        boolean mayBeStale = !stored.isSoftPurged() && !StaleRules.forbidden(stored, options, false);
        if (!asked.noCache() && mayBeStale && asked.maxStale() >= 0 && staleness <= asked.maxStale()) {
            boolean youngEnough = asked.maxAge() == CacheControl.ABSENT
                    || asked.maxStale() == CacheControl.UNLIMITED
                    || age <= asked.maxAge() + asked.maxStale();
            if (youngEnough) {
                return new ServeStale(stored, age, lifetime, StaleReason.MAX_STALE, false);
            }
        }
        if (!clientInsists && staleness < StaleRules.whileRevalidateSeconds(stored, options)) {
            return new ServeStale(stored, age, lifetime, StaleReason.WHILE_REVALIDATE, true);
        }
        return null;
    }
}
