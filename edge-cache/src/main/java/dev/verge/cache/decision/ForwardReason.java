package dev.verge.cache.decision;

/** Why a request goes to the origin: the {@code fwd} parameter of Cache-Status (RFC 9211 §2.2). */
public enum ForwardReason {
    BYPASS("bypass"),
    METHOD("method"),
    URI_MISS("uri-miss"),
    VARY_MISS("vary-miss"),
    /** Something of what was asked for is stored, but not all. */
    PARTIAL("partial"),
    REQUEST("request"),
    STALE("stale");

    private final String token;

    ForwardReason(String token) {
        this.token = token;
    }

    /** The token of RFC 9211. */
    public String token() {
        return token;
    }
}
