package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Body for a new node token.
 *
 * @param node the one node that it serves
 * @param groups groups that the node belongs to
 * @param expiresIn lifetime; null: until it is revoked
 */
public record NodeTokenOrder(
        @Pattern(regexp = Names.NODE) @JsonPropertyDescription("The one node that the token serves.")
        String node,

        @JsonProperty(defaultValue = "[]") @Size(max = 16) @JsonPropertyDescription("Groups that the node belongs to.")
        List<String> groups,

        @Nullable
        @DurationMin(minutes = 1)
        @DurationMax(days = 3650)
        @JsonPropertyDescription("Lifetime; until revoked when absent.")
        Duration expiresIn) {

    /** Keeps its own copy of the groups. */
    public NodeTokenOrder {
        groups = List.copyOf(groups);
    }
}
