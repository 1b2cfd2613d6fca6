package dev.verge.sync.server;

import java.util.List;

/**
 * A node as its token says.
 *
 * @param node its name
 * @param groups groups that it belongs to
 */
public record NodeIdentity(String node, List<String> groups) {
    public NodeIdentity {
        groups = List.copyOf(groups);
    }
}
