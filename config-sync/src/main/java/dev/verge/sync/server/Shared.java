package dev.verge.sync.server;

import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * What all streams of a server have in common.
 *
 * @param head the newest revision that is known
 */
record Shared(
        Vertx vertx,
        LogSource source,
        RecentCommits recent,
        SyncServerOptions options,
        NodeRegistry registry,
        LongSupplier head,
        Comparisons comparisons) {}
