package dev.verge.sandbox;

import java.io.Serial;

/** There is no function host for the call, and there will not be in time: the caller answers 503. */
public final class NoHostException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public NoHostException(String message) {
        super(message);
    }
}
