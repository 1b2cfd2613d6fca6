package dev.verge.node.rules;

import java.time.Duration;

/**
 * A limit that a request must pass before its ending.
 *
 * @param rule which limit: its buckets are apart from every other limit's
 * @param by what is limited, such as the client's address
 * @param requests tokens per {@code per}
 * @param per the time over which {@code requests} come back
 * @param burst tokens a full bucket holds, at least 1
 */
public record RateCheck(Rule rule, String by, int requests, Duration per, int burst) {

    /** A limit's identity: it survives new versions of the site as long as the rule keeps its name and place among its limits. */
    public record Rule(String site, String name, int index) {}

    long perTokenNanos() {
        return Math.max(1, per.toNanos() / requests);
    }
}
