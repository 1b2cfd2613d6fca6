package dev.verge.sync.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;

/**
 * What one site, or one version of a function, used in an interval.
 *
 * @param counts by {@link UsageField#word}; those that are 0 are left out, unknown ones are passed over
 * @param latencies by bucket of {@link Latencies}; the last empty ones are left out
 */
public record UsageRow(
        @JsonPropertyDescription("What it is.") UsageKey.Kind kind,

        @JsonPropertyDescription("Owner.") @NotEmpty @Size(max = 63)
        String account,

        @JsonPropertyDescription("Name of the site or function.") @NotEmpty @Size(max = 63)
        String name,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Version of the function; 0 for a site.") @Min(0)
        int version,

        @JsonPropertyDescription("Sums by their name.") @Size(max = 100)
        Map<@Size(max = 40) String, Long> counts,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Requests or runs by how long they took.")
        @Size(max = Latencies.BUCKETS)
        List<Long> latencies) {

    public UsageRow {
        counts = Map.copyOf(counts);
        latencies = List.copyOf(latencies);
    }

    /** What it counts. */
    public UsageKey key() {
        return new UsageKey(kind, account, name, version);
    }
}
