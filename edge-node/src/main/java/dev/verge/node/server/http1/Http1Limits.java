package dev.verge.node.server.http1;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a connection may take.
 *
 * @param requests answered on one connection before it closes
 * @param headTime from the first byte of a head to its end, and from accepting a connection to its first head
 * @param keepAlive between the end of a response and the next request, as it is at the moment
 */
public record Http1Limits(
        long requestLineBytes,
        long headerBytes,
        int headerFields,
        long requests,
        Duration headTime,
        Supplier<Duration> keepAlive) {}
