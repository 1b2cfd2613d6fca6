package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.binding.DurationText;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Body of a deployment: which versions of a function take which part of the traffic.
 *
 * @param versions one or two different versions whose percentages sum to 100
 * @param groups nodes that get it first
 * @param pause how long only those have it
 * @param rollbackOn when it is taken back by itself; null: never
 */
public record Deployment(
        @Size(min = 1, max = 2) @JsonPropertyDescription("One or two versions; their percentages sum to 100.")
        List<Share> versions,

        @JsonProperty(defaultValue = "[]")
        @Size(max = 64)
        @JsonPropertyDescription("Groups whose nodes get it first; empty: all nodes at once.")
        List<@Size(min = 1, max = 63) String> groups,

        @Nullable
        @Pattern(regexp = "manual|[0-9]{1,9}(ms|s|m|h|d)", message = "manual, or a duration with a unit")
        @JsonPropertyDescription(
                "How long only those have it: a duration up to 30d, or manual, until the rollout is continued; manual when left out.")
        String pause,

        @Nullable @JsonPropertyDescription("When it is taken back by itself.")
        RollbackOn rollbackOn) {

    /** What has to be given for a rollout to go on. */
    public static final String MANUAL = "manual";

    /** The longest time for which some nodes have it alone. */
    public static final Duration LONGEST_PAUSE = Duration.ofDays(30);

    /** To all nodes at once, for good. */
    public Deployment(List<Share> versions) {
        this(versions, List.of(), null, null);
    }

    /** Checks the sum and that no version stands twice. */
    public Deployment {
        versions = List.copyOf(versions);
        groups = List.copyOf(groups);
        if (pause != null && groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "pause: there are no groups that have it first; name groups, or leave it out");
        }
        if (pause != null && !pause.equals(MANUAL) && DurationText.parse(pause).compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("pause: " + pause + " is more than 30d; choose less, or manual");
        }
        int sum = versions.stream().mapToInt(Share::percent).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("versions: the percentages sum to " + sum + "; make them sum to 100");
        }
        if (versions.stream().map(Share::version).distinct().count() != versions.size()) {
            throw new IllegalArgumentException(
                    "versions: a version stands twice; name two different versions, or one at 100");
        }
    }

    /** How long only its groups have it; empty: until it is told to go on. */
    public Optional<Duration> pauseTime() {
        return Optional.ofNullable(pause).filter(text -> !text.equals(MANUAL)).map(DurationText::parse);
    }
}
