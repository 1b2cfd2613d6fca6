package dev.verge.sync.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An origin that a node does not use now.
 *
 * @param account owner of the site
 * @param origin its URL, as in the document
 * @param reason what was wrong with the last probe; null when none was made or it was good
 */
public record OriginOutage(
        String account,
        String site,
        String pool,
        String origin,
        State state,
        @Nullable String reason) {
    private static final int MAX_NAME = 100;
    private static final int MAX_ORIGIN = 512;
    private static final int MAX_REASON = 200;

    /** Why it is not used. */
    public enum State {
        /** Taken out by active checks. */
        @JsonProperty("down")
        DOWN,
        /** Rests after failed requests. */
        @JsonProperty("ejected")
        EJECTED
    }

    /** A reason that is too long is cut. */
    public OriginOutage {
        if (account.length() > MAX_NAME
                || site.length() > MAX_NAME
                || pool.length() > MAX_NAME
                || origin.length() > MAX_ORIGIN) {
            throw new IllegalArgumentException("a name of an outage is too long");
        }
        reason = reason != null && reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    }

    /** Which origin of which pool it is. */
    public Place place() {
        return new Place(account, site, pool, origin);
    }

    /** An origin of a pool. */
    public record Place(String account, String site, String pool, String origin) {}
}
