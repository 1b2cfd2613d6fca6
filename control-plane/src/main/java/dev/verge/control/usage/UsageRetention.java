package dev.verge.control.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How much of what was used is remembered. */
public record UsageRetention(
        @JsonProperty(defaultValue = "35d")
        @DurationMin(hours = 1)
        @DurationMax(days = 400)
        @JsonPropertyDescription("How long usage is kept, minute by minute.")
        Duration kept) {

    /** Every setting at its default. */
    public static UsageRetention defaults() {
        return new UsageRetention(Duration.ofDays(35));
    }
}
