package dev.verge.balancer.options;

/** What a probe does. */
public enum HealthCheckType {
    /** Sends a request and looks at the answer. */
    HTTP,
    /** Connects, and with an {@code https} origin completes the TLS handshake. */
    TCP
}
