package dev.verge.node;

import java.util.List;

/** Requests over HTTP/2 of every kind that the short way answers, and of those that it leaves. */
final class StreamMix {
    /** Method and target of each, then names and values of its fields. */
    static final List<List<String>> REQUESTS = List.of(
            List.of("GET", "/plain"),
            List.of("GET", "/plain", "cookie", "a=1", "cookie", "b=2"),
            List.of("HEAD", "/plain"),
            List.of("GET", "/plain", "if-none-match", "\"v1\""),
            List.of("GET", "/plain", "if-modified-since", "Tue, 25 Nov 2025 11:00:00 GMT"),
            List.of("GET", "/plain", "cache-control", "no-cache"),
            List.of("GET", "/plain", "range", "bytes=0-3"),
            List.of("GET", "/vary", "accept-language", "de"),
            List.of("GET", "/vary", "accept-language", "en"),
            List.of("GET", "/weak", "accept-encoding", "gzip", "priority", "u=1, i"),
            List.of("GET", "/tagged", "x-kind", "a", "te", "trailers"),
            List.of("GET", "/tagged", "x-forwarded-for", "192.0.2.7"),
            List.of("GET", "/missing"),
            List.of("GET", "/moved"),
            List.of("GET", "/empty"),
            List.of("GET", "/none"),
            List.of("GET", "/big"),
            List.of("GET", "/private?x"),
            List.of("POST", "/plain"));

    private StreamMix() {}
}
