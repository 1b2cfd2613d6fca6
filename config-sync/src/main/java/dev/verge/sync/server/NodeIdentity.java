package dev.verge.sync.server;

import dev.verge.sync.crypto.Statement;
import dev.verge.sync.document.Placement;
import dev.verge.sync.trust.NodeKey;
import java.util.HexFormat;
import java.util.List;

/**
 * A node as the control plane knows it.
 *
 * @param node its name
 * @param groups groups that it belongs to, and its region as {@code region:NAME}
 * @param key the public keys of it that count
 */
public record NodeIdentity(String node, List<String> groups, NodeKey key) {
    private static final int VIEW_LENGTH = 16;

    public NodeIdentity {
        groups = groups.stream().sorted().toList();
    }

    /** Whether something is for this node. */
    boolean serves(Placement placement) {
        return placement.includes(groups);
    }

    /**
     * What makes of the log's identity that of what this node gets of it: one with other groups gets another log, as it were, and takes the
     * state anew when its groups change. Empty without groups.
     */
    String view() {
        if (groups.isEmpty()) {
            return "";
        }
        byte[] hash = Statement.sha256()
                .digest(Statement.of("verge view 1").texts(groups).toBytes());
        return dev.verge.sync.core.SyncCore.VIEW_MARK
                + HexFormat.of().formatHex(hash).substring(0, VIEW_LENGTH);
    }
}
