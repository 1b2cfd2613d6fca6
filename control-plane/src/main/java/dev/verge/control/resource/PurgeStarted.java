package dev.verge.control.resource;

/**
 * The answer to a purge: it is in the log, and reaches every node.
 *
 * @param id to ask for its state with
 * @param revision its log position
 */
public record PurgeStarted(String id, long revision) {}
