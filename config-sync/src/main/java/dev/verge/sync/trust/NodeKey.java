package dev.verge.sync.trust;

import dev.verge.sync.crypto.Statement;
import java.util.HexFormat;

/**
 * The public keys of a node.
 *
 * @param identity of Ed25519, by which it shows who it is
 * @param sealing of X25519, to which secrets are sealed
 */
public record NodeKey(String identity, String sealing) {

    /** Names the two: the SHA-256 of both in hex. */
    public String id() {
        return HexFormat.of()
                .formatHex(Statement.sha256()
                        .digest(Statement.of("verge node key 1")
                                .text(identity)
                                .text(sealing)
                                .toBytes()));
    }
}
