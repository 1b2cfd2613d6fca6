package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * A second try of a safe request beside the first, when that is slow. The rules are in {@code HedgeDecision}.
 *
 * @param after how long a try may be without a response head before another one begins; with {@code percentile}: until enough is known
 *     of recent answers. Null: not before
 * @param percentile the same, as long as so many percent of the pool's recent answers took; null: only {@code after}
 * @param max tries that may be begun like this for one request
 */
public record Hedge(
        @DurationMin(millis = 1)
        @DurationMax(minutes = 5)
        @JsonPropertyDescription(
                "How long a try may be without a response head before another one begins beside it; with percentile: until enough is known.")
        @Nullable
        Duration after,

        @Min(50)
        @Max(99)
        @JsonPropertyDescription("The same, as long as so many percent of the pool's recent answers took.")
        @Nullable
        Integer percentile,

        @JsonProperty(defaultValue = "1")
        @Min(1)
        @Max(3)
        @JsonPropertyDescription("Tries that may be begun beside the first for one request.")
        int max) {

    public Hedge {
        if (after == null && percentile == null) {
            throw new IllegalArgumentException(
                    "after, percentile: one of them says when; write for example after: 200ms or percentile: 95");
        }
    }
}
