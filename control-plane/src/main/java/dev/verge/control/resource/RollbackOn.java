package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * When a deployment is taken back by itself: a new version's runs end too often neither ok nor cancelled, or a node refuses the
 * deployment.
 *
 * @param errorRate part of the runs, 0.05 is 5 %
 * @param window what is looked at: the runs of the latest time so long
 * @param minimumRuns below so many runs within the window nothing is concluded
 */
public record RollbackOn(
        @DecimalMin("0.0001")
        @DecimalMax("1")
        @JsonPropertyDescription("Part of a new version's runs that may end badly, 0.0001 to 1; 0.05 is 5 %.")
        double errorRate,

        @JsonProperty(defaultValue = "30s")
        @DurationMin(seconds = 5)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("The latest time whose runs are looked at.")
        Duration window,

        @JsonProperty(defaultValue = "20")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Runs within the window below which nothing is concluded.")
        int minimumRuns) {}
