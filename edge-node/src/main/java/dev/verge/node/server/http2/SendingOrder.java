package dev.verge.node.server.http2;

import dev.verge.node.exchange.Priority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose content is sent next on a connection (RFC 9218 §10): the most urgent; among equals one after the other in the order of their
 * requests, while those whose parts are of use as they come take turns with each other and with the first of the others.
 */
final class SendingOrder {
    private SendingOrder() {}

    /** A response that has something to send. */
    interface Waiting {
        int stream();

        Priority priority();

        /** The number of its last turn on the connection, which counts them up; 0 before the first. */
        long lastTurn();
    }

    /**
     * Chooses, by one look at each.
     *
     * @param waiting at least one, in any order
     */
    static <W extends Waiting> W next(List<W> waiting) {
        int urgency = Integer.MAX_VALUE;
        @Nullable W first = null;
        @Nullable W sharing = null;
        for (W each : waiting) {
            Priority priority = each.priority();
            if (priority.urgency() > urgency) {
                continue;
            }
            if (priority.urgency() < urgency) {
                urgency = priority.urgency();
                first = null;
                sharing = null;
            }
            if (!priority.incremental()) {
                first = first == null || each.stream() < first.stream() ? each : first;
            } else {
                sharing = sharing == null || isBefore(each, sharing) ? each : sharing;
            }
        }
        if (first != null) {
            return sharing == null || isBefore(first, sharing) ? first : sharing;
        }
        if (sharing != null) {
            return sharing;
        }
        throw new IllegalArgumentException("nobody waits");
    }

    private static boolean isBefore(Waiting one, Waiting other) {
        return one.lastTurn() != other.lastTurn() ? one.lastTurn() < other.lastTurn() : one.stream() < other.stream();
    }
}
