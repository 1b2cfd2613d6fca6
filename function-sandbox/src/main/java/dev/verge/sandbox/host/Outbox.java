package dev.verge.sandbox.host;

/** Where frames for the node go. */
@FunctionalInterface
interface Outbox {
    /** Sends whole frames; from any thread, never blocking. */
    void send(byte[] frames);
}
