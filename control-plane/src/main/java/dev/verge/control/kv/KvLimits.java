package dev.verge.control.kv;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Bounds on key-value storage, each for one account. Every node may hold all of it. */
public record KvLimits(
        @JsonProperty(defaultValue = "10000")
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription("Keys of all namespaces together.")
        long keys,

        @JsonProperty(defaultValue = "256MiB")
        @Min(1024)
        @Max(1L << 40)
        @JsonPropertyDescription("Bytes of all keys and values together.")
        long totalBytes,

        @JsonProperty(defaultValue = "100")
        @Min(1)
        @Max(10_000)
        @JsonPropertyDescription("Writes a second; one key takes one a second, whatever stands here.")
        int writesPerSecond,

        @JsonProperty(defaultValue = "4MiB")
        @Min(1 << 20)
        @Max(1 << 30)
        @JsonPropertyDescription(
                "Bytes of values written a second for long, and 32 times that at once. Each goes to every node that needs it.")
        int writtenBytes) {

    private static final int BURST_SECONDS = 32;

    /** Every limit at its default. */
    public static KvLimits defaults() {
        return new KvLimits(10_000, 256L << 20, 100, 4 << 20);
    }

    /** Bytes of values that may be written at once; the longest value is less. */
    int writtenBurst() {
        return (int) Math.min(Integer.MAX_VALUE, (long) BURST_SECONDS * writtenBytes);
    }
}
