package dev.verge.sync.client;

/** The state folder cannot be used; the message is one line that says why and what to do. */
public final class StateFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StateFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
