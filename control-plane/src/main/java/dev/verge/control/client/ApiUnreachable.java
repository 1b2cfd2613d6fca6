package dev.verge.control.client;

/** There was no answer: nothing listens there, the connection broke, or the time ran out. */
public final class ApiUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What happened, in one line that names the address. */
    public ApiUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
