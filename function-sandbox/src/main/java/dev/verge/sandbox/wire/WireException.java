package dev.verge.sandbox.wire;

import java.io.Serial;

/** The other end does not speak the protocol: the connection must end. */
public final class WireException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public WireException(String message) {
        super(message);
    }
}
