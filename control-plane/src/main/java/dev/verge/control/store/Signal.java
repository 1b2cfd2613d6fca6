package dev.verge.control.store;

/** What replicas tell each other as soon as a transaction is durable. A signal may be lost; whoever listens looks for itself from time to time. */
public enum Signal {
    /** The log has a new head. */
    LOG,
    /** The standing of nodes changed. */
    NODES,
    /** A message waits for the replica that the signal names. */
    RELAY;

    /** The name of the channel on PostgreSQL. */
    public String channel() {
        return "verge_" + name().toLowerCase(java.util.Locale.ROOT);
    }
}
