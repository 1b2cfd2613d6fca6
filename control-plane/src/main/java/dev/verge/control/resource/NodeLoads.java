package dev.verge.control.resource;

import java.util.List;

/**
 * How busy a node was lately.
 *
 * @param points one for each ten seconds of the last hour in which it reported, oldest first
 */
public record NodeLoads(String node, List<LoadPoint> points) {}
