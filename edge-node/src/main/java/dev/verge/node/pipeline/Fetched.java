package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import java.time.Instant;

/**
 * An answer that did not come from the cache.
 *
 * @param fields end-to-end fields
 * @param requestedAt when it was asked for
 * @param receivedAt when its head arrived
 */
record Fetched(int status, HttpFields fields, Body body, Instant requestedAt, Instant receivedAt) {}
