package dev.verge.cache.store;

import java.io.IOException;

/** RocksDB failed. After some failures it refuses every write until it is opened again. */
final class RowsException extends IOException {
    private static final long serialVersionUID = 1;

    RowsException(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
