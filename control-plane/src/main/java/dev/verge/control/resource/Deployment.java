package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * Body of a deployment: which versions of a function take which part of the traffic.
 *
 * @param versions one or two different versions whose percentages sum to 100
 */
public record Deployment(
        @Size(min = 1, max = 2) @JsonPropertyDescription("One or two versions; their percentages sum to 100.")
        List<Share> versions) {

    /** Checks the sum and that no version stands twice. */
    public Deployment {
        versions = List.copyOf(versions);
        int sum = versions.stream().mapToInt(Share::percent).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("versions: the percentages sum to " + sum + "; make them sum to 100");
        }
        if (versions.stream().map(Share::version).distinct().count() != versions.size()) {
            throw new IllegalArgumentException(
                    "versions: a version stands twice; name two different versions, or one at 100");
        }
    }
}
