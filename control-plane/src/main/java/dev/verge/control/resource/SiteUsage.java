package dev.verge.control.resource;

import java.time.Instant;
import java.util.Map;

/**
 * What requests to a site used.
 *
 * @param at where the step begins
 * @param site its name; empty where the sites of an account are added up
 * @param statuses requests by class of status: 2xx, …; aborted for those whose client went away before a head was sent
 * @param hits requests answered out of the cache
 * @param misses requests that the cache was asked for in vain
 * @param errors requests answered with a status of 500 or above
 * @param bytesIn content bytes that clients sent, as far as they stated their number
 * @param bytesOut content bytes sent to clients
 * @param p50Millis half of the requests took no longer
 * @param p99Millis 99 of 100 requests took no longer
 */
public record SiteUsage(
        Instant at,
        String site,
        long requests,
        Map<String, Long> statuses,
        long hits,
        long misses,
        long errors,
        long bytesIn,
        long bytesOut,
        double p50Millis,
        double p99Millis) {}
