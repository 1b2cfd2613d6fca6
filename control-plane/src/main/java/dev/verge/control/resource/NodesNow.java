package dev.verge.control.resource;

import java.util.List;

/** All nodes at a moment: the data of an event {@code nodes}. */
public record NodesNow(List<NodeView> nodes) {}
