package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.crypto.Statement;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;

/**
 * A key that the control plane signs with. Each one but the first is vouched for by the one before it.
 *
 * @param number from 1, in the order that they were made
 * @param publicKey of Ed25519, 32 bytes in base64
 * @param link signature of {@link #statement} under the key before; empty for the first
 * @param retired whether nothing that is signed with it counts any more
 */
public record SigningKeyEntry(
        @JsonPropertyDescription("Number of the key.") @Min(1)
        int number,

        @JsonPropertyDescription("The public key, base64.") @Size(min = 44, max = 44)
        String publicKey,

        @JsonPropertyDescription("Signature under the key before.") @Size(max = 100)
        String link,

        @JsonPropertyDescription("Whether it no longer counts.")
        boolean retired)
        implements Entry {

    @Override
    public String key() {
        return Keys.signing(number);
    }

    /** What the key before signs to vouch for a key. */
    public static byte[] statement(int number, String publicKey) {
        return Statement.of("verge signing key 1")
                .number(number)
                .text(publicKey)
                .toBytes();
    }
}
