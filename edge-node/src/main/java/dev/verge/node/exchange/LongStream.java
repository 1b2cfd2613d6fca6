package dev.verge.node.exchange;

import org.jspecify.annotations.Nullable;

/** Content that may be silent for long by its nature: it has {@code timeouts.idleStream} in place of other time limits. */
public final class LongStream {
    private static final String EVENTS = "text/event-stream";
    private static final String GRPC = "application/grpc";

    private LongStream() {}

    /** Whether a {@code Content-Type} is that of server-sent events or of gRPC in any form. */
    public static boolean is(@Nullable String contentType) {
        return contentType != null && (begins(contentType, EVENTS) || begins(contentType, GRPC));
    }

    private static boolean begins(String contentType, String type) {
        return contentType.regionMatches(true, 0, type, 0, type.length());
    }
}
