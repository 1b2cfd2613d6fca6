package dev.verge.cache.decision;

import dev.verge.cache.options.CacheOptions.EdgeTtl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What status codes mean to a cache. */
final class StatusRules {
    private StatusRules() {}

    /**
     * The lifetime that the site configured for a status; null when there is none. A default counts for what may be reused
     * heuristically only: an error that one client provoked (400, 431), or a moment's failure (500, 503), would otherwise be
     * everybody's answer for as long.
     */
    static @Nullable Duration configured(EdgeTtl edge, int status) {
        @Nullable Duration stated = edge.byStatus(status);
        return stated == null && heuristicallyCacheable(status) ? edge.fallback() : stated;
    }

    /** RFC 9110 §15.1. */
    static boolean heuristicallyCacheable(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** The final codes whose caching behaviour is specified, which is what must-understand asks for (RFC 9111 §5.2.2.3). */
    static boolean understood(int status) {
        return switch (status) {
            case 200, 203, 204, 300, 301, 302, 303, 307, 308 -> true;
            case 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417 -> true;
            case 421, 422, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 511 -> true;
            default -> false;
        };
    }

    /** RFC 5861 §4. */
    static boolean isOriginError(int status) {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }
}
