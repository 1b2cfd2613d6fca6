package dev.verge.sync.nats;

/** Codes of errors by which JetStream says why. */
final class NatsErrors {
    static final int NO_MESSAGE = 10_037;
    static final int NO_STREAM = 10_059;
    static final int WRONG_LAST_SEQUENCE = 10_071;

    /** The stream, or the message, is larger than the stream may be. */
    static final int FULL = 10_077;

    private NatsErrors() {}
}
