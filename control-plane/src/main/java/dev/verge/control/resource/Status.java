package dev.verge.control.resource;

import java.util.List;

/**
 * How far a document has come.
 *
 * @param revision the log position of its last change
 * @param nodes one line for each known node, by name
 */
public record Status(long revision, List<NodeStanding> nodes) {}
