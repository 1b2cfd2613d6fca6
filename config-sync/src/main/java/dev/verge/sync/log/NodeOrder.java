package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;

/**
 * What operations ask of one node.
 *
 * @param drain take no new work: not ready, connections closed as they become idle
 */
public record NodeOrder(
        @JsonPropertyDescription("Name of the node.") @NotEmpty
        String node,

        @JsonPropertyDescription("Whether the node drains.") boolean drain)
        implements Entry {

    @Override
    public String key() {
        return Keys.order(node);
    }
}
