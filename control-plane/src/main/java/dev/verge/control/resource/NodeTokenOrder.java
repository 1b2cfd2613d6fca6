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
 * @param expiresIn for how long it can be exchanged; null: until it is revoked
 * @param region where the node is; null: nowhere in particular
 */
public record NodeTokenOrder(
        @Pattern(regexp = Names.NODE) @JsonPropertyDescription("The one node that the token serves.")
        String node,

        @JsonProperty(defaultValue = "[]") @Size(max = 16) @JsonPropertyDescription("Groups that the node belongs to.")
        List<String> groups,

        @Nullable
        @DurationMin(minutes = 1)
        @DurationMax(days = 3650)
        @JsonPropertyDescription("For how long it can be exchanged; until revoked when absent.")
        Duration expiresIn,

        @Nullable @Pattern(regexp = Names.NAME) @JsonPropertyDescription("Region of the node.")
        String region) {

    /** For a node of no region. */
    public NodeTokenOrder(String node, List<String> groups, @Nullable Duration expiresIn) {
        this(node, groups, expiresIn, null);
    }

    /** Keeps its own copy of the groups. */
    public NodeTokenOrder {
        groups = List.copyOf(groups);
    }
}
