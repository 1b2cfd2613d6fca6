package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A function with the versions that take its traffic.
 *
 * @param deployment one or two versions whose shares sum up to 100
 */
public record FunctionEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the function.") @NotEmpty
        String name,

        @JsonPropertyDescription("Identity of this life of the function.") @NotEmpty
        String incarnation,

        @JsonPropertyDescription("Versions and their shares of the traffic.") @Size(min = 1, max = 2)
        List<Deployed> deployment)
        implements Entry {

    public FunctionEntry {
        deployment = List.copyOf(deployment);
        int sum = deployment.stream().mapToInt(Deployed::percent).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("deployment: the shares sum up to " + sum + "; they must make 100");
        }
    }

    @Override
    public String key() {
        return Keys.function(account, name);
    }

    @Override
    public Set<String> blobs() {
        return deployment.stream().map(Deployed::sha256).collect(Collectors.toSet());
    }
}
