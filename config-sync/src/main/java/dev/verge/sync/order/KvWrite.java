package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.log.KvEntry;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A change that a function asks of a namespace of its account; a node hands it to the control plane, whose log is the only truth.
 *
 * @param value in base64, at most {@link KvEntry#MAX_INLINE_BYTES} decoded; null: the key is deleted, or the value is a {@link KvUpload}
 * @param metadata JSON text that goes with the value
 * @param expires when the value is no longer valid, in seconds since 1970; null: never
 */
public record KvWrite(
        @JsonPropertyDescription("Owner.") @NotEmpty @Size(max = 100)
        String account,

        @JsonPropertyDescription("Name of the namespace.") @NotEmpty @Size(max = 100)
        String namespace,

        @JsonPropertyDescription("Key in the namespace.") @NotEmpty @Size(max = KvEntry.MAX_KEY_BYTES)
        String key,

        @JsonPropertyDescription("Value in base64; without it the key is deleted.")
        @Size(max = MAX_CHARACTERS)
        @Nullable
        String value,

        @JsonPropertyDescription("JSON text beside the value.") @Size(max = KvEntry.MAX_METADATA_BYTES) @Nullable
        String metadata,

        @JsonPropertyDescription("End of its validity, seconds since 1970.") @Nullable
        Long expires) {

    /** Longest value in base64 in one message: nodes of the version before sent up to 1 MiB, instead of pieces. */
    public static final int MAX_CHARACTERS = ((1 << 20) + 2) / 3 * 4;
}
