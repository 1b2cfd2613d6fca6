package dev.verge.control.replica;

/**
 * What one control plane tells another.
 *
 * @param peer who it is for, or who it is from
 * @param node which node it is about; empty when about none
 * @param body of a frame's kind, its text; else a line
 */
record Message(String peer, Kind kind, String node, String body) {

    /** What it is. */
    enum Kind {
        /** A frame {@code OrderGiven} for a node of the receiver. */
        ORDER,
        /** A frame {@code OrderDone}. */
        DONE,
        /** An order's number, a space, and why nothing is known of it. */
        FAILED,
        /** The stream of a node is to end; the body says why. */
        DISCONNECT,
        /** A frame {@code Tail}: all that the sender's callers watch. */
        WATCH,
        /** A frame {@code Records} of a node, of what the receiver watches. */
        SEEN
    }
}
