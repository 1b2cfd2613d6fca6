package dev.verge.sandbox;

import java.io.Serial;
import java.time.Duration;

/** The call is not run, and would not be in time: the caller answers with the status that {@link #isBusy} tells and a Retry-After. */
public final class NoHostException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final boolean busy;

    private NoHostException(String message, boolean busy) {
        super(message);
        this.busy = busy;
    }

    /** There is no function host for it: 503. */
    public NoHostException(String message) {
        this(message, false);
    }

    /** Its account has as many calls running and waiting as it may: 429. */
    public static NoHostException busy(String message) {
        return new NoHostException(message, true);
    }

    /** Whether it is the account's own calls that leave no room for another one. */
    public boolean isBusy() {
        return busy;
    }

    /** When asking again may help. */
    public Duration retryAfter() {
        return SOON;
    }
}
