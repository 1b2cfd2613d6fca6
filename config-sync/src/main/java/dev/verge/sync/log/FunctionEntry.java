package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A function with the versions that take its traffic.
 *
 * @param deployment one or two versions whose shares sum up to 100
 * @param staged what nodes of some groups have instead, while it is tried there; null when all have the same
 */
public record FunctionEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the function.") @NotEmpty
        String name,

        @JsonPropertyDescription("Identity of this life of the function.") @NotEmpty
        String incarnation,

        @JsonPropertyDescription("Versions and their shares of the traffic.") @Size(min = 1, max = 2)
        List<Deployed> deployment,

        @Nullable @JsonPropertyDescription("What some nodes have instead.")
        Staged staged)
        implements Entry {

    public FunctionEntry {
        deployment = List.copyOf(deployment);
        requireAll(deployment);
    }

    /** The same everywhere. */
    public FunctionEntry(String account, String name, String incarnation, List<Deployed> deployment) {
        this(account, name, incarnation, deployment, null);
    }

    /** What a node of these groups has. */
    public List<Deployed> deployment(Collection<String> groups) {
        return staged != null && staged.isFor(groups) ? staged.deployment() : deployment;
    }

    static void requireAll(List<Deployed> deployment) {
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
        Stream<Deployed> first = staged == null ? Stream.of() : staged.deployment().stream();
        return Stream.concat(deployment.stream(), first).map(Deployed::sha256).collect(Collectors.toSet());
    }
}
