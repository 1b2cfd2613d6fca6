package dev.verge.balancer.options;

/** HTTP version spoken to an origin. */
public enum OriginProtocol {
    /** HTTP/1.1. */
    HTTP1,
    /** Over TLS what ALPN finds, HTTP/2 first; in clear text HTTP/1.1. */
    AUTO,
    /** HTTP/2 over TLS and nothing else. */
    H2,
    /** HTTP/2 in clear text with prior knowledge. */
    H2C
}
