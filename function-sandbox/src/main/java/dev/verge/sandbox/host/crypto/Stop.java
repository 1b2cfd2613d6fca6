package dev.verge.sandbox.host.crypto;

import java.io.Serial;
import java.security.SecureRandom;

/**
 * Ends long work in the middle when its context is closed: the engine interrupts the owner thread, and the interruption stays set for it.
 */
public final class Stop extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private Stop() {
        super("interrupted", null, false, false);
    }

    /** To be called at least once in a few milliseconds of work. */
    static void ifAsked() {
        if (Thread.currentThread().isInterrupted()) {
            throw new Stop();
        }
    }

    /** Randomness that ends the search for a prime, which asks for some with each candidate it tests. */
    static final class Random extends SecureRandom {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient SecureRandom source = Randomness.source();

        @Override
        public void nextBytes(byte[] bytes) {
            ifAsked();
            source.nextBytes(bytes);
        }
    }
}
