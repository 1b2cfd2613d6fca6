package dev.verge.sync.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A closed interval of one run of a node's process. The first one of a run tells that it began, the one marked as last that it ended in
 * order: a run of which no last one ever comes was killed, and what it had not closed is lost.
 *
 * @param sequence from 1, without gaps within a run; numbers that never come were dropped by the node for want of room
 * @param startMillis by the node's clock, milliseconds since 1970 UTC
 * @param millis how long it was
 */
public record UsageInterval(
        @JsonPropertyDescription("Number within the run of the process.") @Min(1)
        long sequence,

        @JsonPropertyDescription("When it began, in milliseconds since 1970 UTC.") @Min(0) @Max(253_402_300_799_000L)
        long startMillis,

        @JsonPropertyDescription("How long it was, in milliseconds.") @Min(0) @Max(3_600_000)
        long millis,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Whether the process ended with it, in order.")
        boolean last,

        @JsonProperty(defaultValue = "[]") @JsonPropertyDescription("What was used.") @Size(max = MAX_ROWS)
        List<UsageRow> rows) {

    /** Sites and versions of functions that were used within one interval. */
    public static final int MAX_ROWS = 5_000;

    /** Longest name of a run of a node's process, in characters. */
    public static final int MAX_BOOT = 64;

    public UsageInterval {
        rows = List.copyOf(rows);
    }

    /** When it ended, in milliseconds since 1970 UTC. */
    public long endMillis() {
        return startMillis + millis;
    }
}
