package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a key-value namespace that functions read. A tombstone of its key deletes it.
 *
 * @param name key in the namespace: 1 to {@link #MAX_KEY_BYTES} bytes in UTF-8, no control characters; may hold slashes
 * @param value in base64, at most {@link #MAX_INLINE_BYTES} decoded; null when it is a blob
 * @param sha256 of the blob that holds a longer value; null when it stands here
 * @param bytes of the value
 * @param metadata JSON text that goes with the value, null for none
 * @param expires when the value is no longer valid, in seconds since 1970; null: never
 */
public record KvEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the namespace.") @NotEmpty
        String namespace,

        @JsonPropertyDescription("Key in the namespace.") @NotEmpty @Size(max = MAX_KEY_BYTES)
        String name,

        @JsonPropertyDescription("Value in base64.") @Size(max = MAX_INLINE_CHARACTERS) @Nullable
        String value,

        @JsonPropertyDescription("Hash of the value's blob.")
        @Pattern(regexp = "[0-9a-f]{64}", message = "64 lower-case hex digits")
        @Nullable
        String sha256,

        @JsonPropertyDescription("Bytes of the value.") @Min(0) @Max(MAX_BYTES)
        int bytes,

        @JsonPropertyDescription("JSON text beside the value.") @Size(max = MAX_METADATA_BYTES) @Nullable
        String metadata,

        @JsonPropertyDescription("End of its validity, seconds since 1970.") @Min(0) @Nullable
        Long expires)
        implements Entry {

    /** Longest key in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 512;

    /** Longest value. */
    public static final int MAX_BYTES = 25 << 20;

    /** Longest value that stands in the log itself. */
    public static final int MAX_INLINE_BYTES = 64 << 10;

    /** The same in base64. */
    public static final int MAX_INLINE_CHARACTERS = (MAX_INLINE_BYTES + 2) / 3 * 4;

    /** Longest metadata in bytes of UTF-8; so it never has more characters. */
    public static final int MAX_METADATA_BYTES = 1_024;

    public KvEntry {
        String mistake = nameMistake(name);
        if (mistake != null) {
            throw new IllegalArgumentException("name: " + mistake);
        }
        if ((value == null) == (sha256 == null)) {
            throw new IllegalArgumentException("value: stands here or in a blob, one of them");
        }
    }

    @Override
    public String key() {
        return Keys.kv(account, namespace, name);
    }

    @Override
    public Set<String> blobs() {
        return sha256 == null ? Set.of() : Set.of(sha256);
    }

    /** Whether metadata is longer than a writer may make it. */
    public static boolean tooLong(String metadata) {
        return metadata.length() > MAX_METADATA_BYTES
                || metadata.getBytes(StandardCharsets.UTF_8).length > MAX_METADATA_BYTES;
    }

    /** What is wrong with a key of a namespace, or null. */
    public static @Nullable String nameMistake(String name) {
        if (name.isEmpty()) {
            return "must not be empty";
        }
        if (name.length() > MAX_KEY_BYTES || name.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            return "is longer than " + MAX_KEY_BYTES + " bytes";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                return "holds a control character";
            }
            if (Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return "is no whole Unicode text";
            }
        }
        return null;
    }
}
