package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Conditions and what to do when they hold. */
public record Rule(
        @JsonPropertyDescription("Name, unique in the site; stands in traces, logs and metrics.")
        @Pattern(
                regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
                message = "a name of letters, digits, dots, hyphens, at most 64")
        String name,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Conditions; all must hold. Without any, every request matches.")
        When when,

        @JsonProperty("do") @JsonPropertyDescription("Behaviours, in order.") @Size(min = 1, max = 50)
        List<Behaviour> behaviours,

        @JsonProperty(value = "continue", defaultValue = "false")
        @JsonPropertyDescription("Look for further matching rules in the phase instead of stopping here.")
        boolean goOn) {

    /** Whether the rule takes part in a phase. */
    public boolean actsAt(Behaviour.Phase phase) {
        return behaviours.stream().anyMatch(b -> b.phase() == phase);
    }

    /** Its conditions as a tree. */
    public Matcher matcher() {
        return when.matcher();
    }
}
