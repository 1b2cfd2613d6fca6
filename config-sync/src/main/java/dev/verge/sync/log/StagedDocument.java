package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;

/**
 * A version of a site that some nodes have before the others.
 *
 * @param groups a node that belongs to one of them has it
 * @param version its number
 * @param text the document byte for byte
 */
public record StagedDocument(
        @JsonPropertyDescription("Groups of nodes.") @Size(min = 1, max = 64)
        List<String> groups,

        @JsonPropertyDescription("Version number.") @Min(1) int version,

        @JsonPropertyDescription("The document as written.") @NotEmpty
        String text) {

    public StagedDocument {
        groups = List.copyOf(groups);
    }

    /** Whether it is for a node of these groups. */
    boolean isFor(Collection<String> nodeGroups) {
        return groups.stream().anyMatch(nodeGroups::contains);
    }
}
