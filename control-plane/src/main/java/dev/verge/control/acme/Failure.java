package dev.verge.control.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why an order came to no certificate; the message is one line for the site's owner. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean ours;
    private final boolean keepOrder;
    private final transient @Nullable Instant notBefore;

    private Failure(
            String message, boolean ours, boolean keepOrder, @Nullable Instant notBefore, @Nullable Throwable cause) {
        super(message, cause);
        this.ours = ours;
        this.keepOrder = keepOrder;
        this.notBefore = notBefore;
    }

    /** The authority refused, or what it gave is of no use: the order is over. */
    static Failure refused(String message, @Nullable Instant notBefore, @Nullable Throwable cause) {
        return new Failure(message, false, false, notBefore, cause);
    }

    /** The authority could not be reached, or took too long: the order may be gone on with. */
    static Failure unreachable(String message, @Nullable Throwable cause) {
        return new Failure(message, true, true, null, cause);
    }

    /** Something is missing here: the order may be gone on with. */
    static Failure ours(String message) {
        return new Failure(message, true, true, null, null);
    }

    /** Whether the authority had no part in it. */
    boolean isOurs() {
        return ours;
    }

    boolean keepOrder() {
        return keepOrder;
    }

    /** Before when the authority does not want to hear of it; null: whenever. */
    @Nullable
    Instant notBefore() {
        return notBefore;
    }
}
