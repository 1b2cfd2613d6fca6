package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;

/** Takes interim responses (1xx, RFC 9110 §15.2) for whoever asked. Used on the request's event loop; never fails, never waits. */
@FunctionalInterface
public interface InterimSink {
    /** Nobody waits who could be told. */
    InterimSink NOBODY = (status, fields) -> {};

    /**
     * Passes one on; without effect once the final response has begun.
     *
     * @param status 102 to 199
     * @param fields end-to-end fields
     */
    void interim(int status, HttpFields fields);
}
