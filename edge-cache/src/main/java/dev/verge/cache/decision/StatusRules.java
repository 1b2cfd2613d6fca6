package dev.verge.cache.decision;

/** What status codes mean to a cache. */
final class StatusRules {
    private StatusRules() {}

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
