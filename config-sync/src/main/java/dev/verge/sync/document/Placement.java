package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which nodes serve something: those of one of the groups, if any are named, and in one of the regions, if any are named. */
public record Placement(
        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Node groups; every group when empty.")
        @Size(max = Placement.MOST)
        List<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String> groups,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Regions of nodes; every region when empty.")
        @Size(max = Placement.MOST)
        List<@Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE) String> regions) {

    /** On every node. */
    public static final Placement EVERYWHERE = new Placement(List.of(), List.of());

    /** Before a region's name where it stands among the groups of a node; no group is called so. */
    public static final String REGION = "region:";

    private static final int MOST = 64;

    public Placement {
        groups = List.copyOf(groups);
        regions = List.copyOf(regions);
    }

    /** Whether every node is meant. */
    public boolean everywhere() {
        return groups.isEmpty() && regions.isEmpty();
    }

    /**
     * The nodes that either means, and maybe others: groups and regions are joined each for themselves, so that of "group a" and "region b"
     * together all nodes are meant. None that either means is ever left out.
     */
    public Placement or(Placement other) {
        return equals(other) ? this : new Placement(joined(groups, other.groups), joined(regions, other.regions));
    }

    private static List<String> joined(List<String> some, List<String> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return List.of();
        }
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all.size() > MOST ? List.of() : List.copyOf(all);
    }

    /** Whether all nodes that {@code other} means are meant, as far as can be told without knowing them. */
    public boolean covers(Placement other) {
        return covers(groups, other.groups) && covers(regions, other.regions);
    }

    private static boolean covers(List<String> these, List<String> those) {
        return these.isEmpty() || (!those.isEmpty() && these.containsAll(those));
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
