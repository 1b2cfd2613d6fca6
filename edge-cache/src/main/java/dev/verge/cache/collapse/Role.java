package dev.verge.cache.collapse;

import java.util.concurrent.CompletableFuture;

/** What a request has to do after joining. */
public sealed interface Role {
    /** Fetch, and tell the flight how it went. */
    record Lead(Flight flight) implements Role {}

    /** Wait; the future never fails. */
    record Wait(CompletableFuture<Ending> ending) implements Role {}

    /** Fetch for yourself: answers for this key were not for sharing a moment ago. */
    record Alone() implements Role {}
}
