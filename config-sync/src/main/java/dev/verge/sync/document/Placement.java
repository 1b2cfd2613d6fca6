package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;

/** Which nodes serve something: those of one of the groups, if any are named, and in one of the regions, if any are named. */
public record Placement(
        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Node groups; every group when empty.")
        @Size(max = 64)
        List<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String> groups,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Regions of nodes; every region when empty.")
        @Size(max = 64)
        List<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String> regions) {

    /** On every node. */
    public static final Placement EVERYWHERE = new Placement(List.of(), List.of());

    /** Before a region's name where it stands among the groups of a node; no group is called so. */
    public static final String REGION = "region:";

    public Placement {
        groups = List.copyOf(groups);
        regions = List.copyOf(regions);
    }

    /** Whether every node is meant. */
    public boolean everywhere() {
        return groups.isEmpty() && regions.isEmpty();
    }

    /**
     * Whether a node is meant.
     *
     * @param memberships groups of the node, and its region as {@code region:NAME}
     */
    public boolean includes(Collection<String> memberships) {
        return (groups.isEmpty() || groups.stream().anyMatch(memberships::contains))
                && (regions.isEmpty() || regions.stream().anyMatch(region -> memberships.contains(REGION + region)));
    }
}
