package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Age and lifetime of a response (RFC 9111 §4.2), computed once when it is received.
 *
 * @param initialAgeSeconds {@code corrected_initial_age} (§4.2.3)
 * @param explicitSeconds the lifetime the response states (§4.2.1), 0 when what it states is invalid; -1 when it states none
 * @param heuristicSeconds the lifetime that may be assumed (§4.2.2); -1 when none may
 * @param dateMillis {@code date_value}
 */
record Freshness(long initialAgeSeconds, long explicitSeconds, long heuristicSeconds, long dateMillis) {
    static final long NONE = -1;
    /** A typical fraction (§4.2.2) with a cap, so that a file untouched for ten years is not kept for one. */
    private static final long HEURISTIC_FRACTION = 10;

    private static final long HEURISTIC_MAX_SECONDS = Duration.ofDays(1).toSeconds();

    static Freshness of(int status, HttpFields fields, ResponsePolicy policy, Instant requestedAt, Instant receivedAt) {
        // RFC 9110 §6.6.1: a response without a (readable) Date is taken to be made when it was received.
        @Nullable Instant stated = date(fields, "Date", receivedAt);
        Instant date = stated == null ? receivedAt : stated;
        return new Freshness(
                initialAge(fields, date, requestedAt, receivedAt),
                explicit(fields, policy, date, receivedAt),
                heuristic(status, fields, policy, date, receivedAt),
                date.toEpochMilli());
    }

    /** §4.2.3. */
    private static long initialAge(HttpFields fields, Instant date, Instant requestedAt, Instant receivedAt) {
        long apparentAge = Math.max(0, Duration.between(date, receivedAt).toSeconds());
        long responseDelay =
                Math.max(0, Duration.between(requestedAt, receivedAt).toSeconds());
        long correctedAge = ageValue(fields) + responseDelay;
        return Math.max(apparentAge, correctedAge);
    }

    /** §5.1: of a list the first member counts; what is no delta-seconds is ignored. */
    private static long ageValue(HttpFields fields) {
        @Nullable String first = fields.first("Age");
        if (first == null) {
            return 0;
        }
        int comma = first.indexOf(',');
        long seconds = CacheControl.deltaSeconds(FieldLists.trim(comma < 0 ? first : first.substring(0, comma)));
        return Math.max(0, seconds);
    }

    /** §4.2.1, for a shared cache: s-maxage, then max-age, then Expires minus Date. */
    private static long explicit(HttpFields fields, ResponsePolicy policy, Instant date, Instant receivedAt) {
        CacheControl control = policy.control();
        if (control.sharedMaxAge() != CacheControl.ABSENT) {
            return Math.max(0, control.sharedMaxAge());
        }
        if (control.maxAge() != CacheControl.ABSENT) {
            return Math.max(0, control.maxAge());
        }
        if (policy.targeted() || !fields.contains("Expires")) {
            return NONE;
        }
        // §5.3: an invalid Expires, "0" above all, is a time in the past.
        @Nullable Instant expires = date(fields, "Expires", receivedAt);
        return expires == null ? 0 : Math.max(0, Duration.between(date, expires).toSeconds());
    }

    private static long heuristic(
            int status, HttpFields fields, ResponsePolicy policy, Instant date, Instant receivedAt) {
        if (!StatusRules.heuristicallyCacheable(status) && !policy.control().isPublic()) {
            return NONE;
        }
        @Nullable Instant modified = date(fields, "Last-Modified", receivedAt);
        if (modified == null || !modified.isBefore(date)) {
            return NONE;
        }
        return Math.min(HEURISTIC_MAX_SECONDS, Duration.between(modified, date).toSeconds() / HEURISTIC_FRACTION);
    }

    /** Of repeated lines the first counts. */
    private static @Nullable Instant date(HttpFields fields, String name, Instant now) {
        @Nullable String value = fields.first(name);
        return value == null ? null : HttpDate.parse(FieldLists.trim(value), now);
    }
}
