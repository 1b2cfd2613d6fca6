package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How pushed functions are checked before they are stored: in a function host of their own, locked down and without bindings. */
public record FunctionCheck(
        @JsonProperty(defaultValue = "20s")
        @DurationMin(seconds = 1)
        @DurationMax(minutes = 5)
        @JsonPropertyDescription("Time for one check, the start of its host included; later is answered 503.")
        Duration timeout) {

    /** The default. */
    public static FunctionCheck defaults() {
        return new FunctionCheck(Duration.ofSeconds(20));
    }
}
