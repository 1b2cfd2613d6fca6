package dev.verge.control.store;

/** The store could not do what it was asked: disk full, file damaged, no connection in time. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What failed. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
