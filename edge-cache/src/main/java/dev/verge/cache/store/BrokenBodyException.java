package dev.verge.cache.store;

import java.io.IOException;

/** The rest of a body cannot be read: its chunk is missing or corrupt, or its fill was aborted. */
public final class BrokenBodyException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenBodyException(String message) {
        super(message);
    }
}
