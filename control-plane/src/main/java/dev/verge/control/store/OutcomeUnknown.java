package dev.verge.control.store;

/** The connection broke while a transaction was being committed: it may be durable or not. */
public final class OutcomeUnknown extends StoreException {
    private static final long serialVersionUID = 1;

    OutcomeUnknown(Throwable cause) {
        super("the connection to the store broke during a commit: " + cause.getMessage(), cause);
    }
}
