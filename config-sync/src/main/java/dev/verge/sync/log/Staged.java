package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;

/**
 * A deployment that some nodes have before the others.
 *
 * @param groups a node that belongs to one of them has it
 * @param deployment one or two versions whose shares sum up to 100
 */
public record Staged(
        @JsonPropertyDescription("Groups of nodes.") @Size(min = 1, max = 64)
        List<String> groups,

        @JsonPropertyDescription("Versions and their shares of the traffic there.") @Size(min = 1, max = 2)
        List<Deployed> deployment) {

    public Staged {
        groups = List.copyOf(groups);
        deployment = List.copyOf(deployment);
        FunctionEntry.requireAll(deployment);
    }

    /** Whether it is for a node of these groups. */
    boolean isFor(Collection<String> nodeGroups) {
        return groups.stream().anyMatch(nodeGroups::contains);
    }
}
