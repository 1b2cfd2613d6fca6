package dev.verge.sync.wire;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.log.SigningKeyEntry;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What a node sends to exchange its token for keys of its own.
 *
 * @param identity public key of Ed25519 that the node made
 * @param sealing public key of X25519 that the node made
 * @param signature under the first one, which shows that the node holds it
 */
public record Enrolment(
        @JsonPropertyDescription("The node token.") @Size(min = 1, max = 4_096)
        String token,

        @JsonPropertyDescription("Public key of Ed25519.") @Size(max = 100)
        String identity,

        @JsonPropertyDescription("Public key of X25519.") @Size(max = 100)
        String sealing,

        @JsonPropertyDescription("Signature under the first.") @Size(max = 100)
        String signature) {

    /** Longest text of one. */
    public static final int MAX_BYTES = 16 << 10;

    @Override
    public String toString() {
        return "Enrolment[" + identity + "]";
    }

    /**
     * What the node gets for it.
     *
     * @param node its name
     * @param keys all keys that the control plane signed with, by number
     */
    public record Answer(
            @JsonPropertyDescription("Name of the node.") @Size(min = 1, max = 128)
            String node,

            @JsonPropertyDescription("Keys of the control plane.") @Size(min = 1, max = 1_000)
            List<SigningKeyEntry> keys) {}
}
