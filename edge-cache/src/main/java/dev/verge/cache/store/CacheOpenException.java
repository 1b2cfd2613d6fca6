package dev.verge.cache.store;

import java.io.IOException;

/** The data folder cannot be used. The message is one line for an operator: what is wrong, with which folder. */
public final class CacheOpenException extends IOException {
    private static final long serialVersionUID = 1;

    CacheOpenException(String message, Throwable cause) {
        super(message, cause);
    }
}
