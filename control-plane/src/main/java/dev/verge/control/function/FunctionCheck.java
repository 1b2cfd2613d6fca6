package dev.verge.control.function;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How pushed functions are checked before they are stored: in a function host of their own, locked down and without bindings. */
public record FunctionCheck(
        @JsonProperty(defaultValue = "1")
        @Min(0)
        @Max(4)
        @JsonPropertyDescription(
                "Hosts kept ready: with one a check takes milliseconds, with none it waits about 2 s for its host to start.")
        int spareHosts,

        @JsonProperty(defaultValue = "2")
        @Min(1)
        @Max(16)
        @JsonPropertyDescription("Checks in progress at once; more wait.")
        int concurrent,

        @JsonProperty(defaultValue = "20s")
        @DurationMin(seconds = 1)
        @DurationMax(minutes = 5)
        @JsonPropertyDescription("Time for one check, waiting included; later is answered 503.")
        Duration timeout) {

    /** Every setting at its default. */
    public static FunctionCheck defaults() {
        return new FunctionCheck(1, 2, Duration.ofSeconds(20));
    }
}
