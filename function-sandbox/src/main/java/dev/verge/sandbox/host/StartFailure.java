package dev.verge.sandbox.host;

import java.io.Serial;

/** A function that cannot start though its modules were evaluated: it has no handler. */
final class StartFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    StartFailure(String message) {
        super(message);
    }
}
