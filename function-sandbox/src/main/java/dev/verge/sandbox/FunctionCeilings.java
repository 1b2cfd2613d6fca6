package dev.verge.sandbox;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * What operators let functions use at most, of an account or on a node. What is absent has the platform's ceiling, the one of the field of
 * the same name in {@link FunctionLimits}.
 */
public record FunctionCeilings(
        @Nullable
        @DurationMin(millis = 1)
        @DurationMax(seconds = FunctionLimits.MAX_CPU_SECONDS)
        @JsonPropertyDescription("Largest limits.cpu of a function.")
        Duration cpu,

        @Nullable
        @DurationMin(millis = 1)
        @DurationMax(minutes = FunctionLimits.MAX_WALL_MINUTES)
        @JsonPropertyDescription("Largest limits.wall of a function.")
        Duration wall,

        @Nullable
        @Min(FunctionLimits.MIN_MEMORY_BYTES)
        @Max(FunctionLimits.MAX_MEMORY_BYTES)
        @JsonPropertyDescription("Largest limits.memoryBytes of a function.")
        Long memoryBytes,

        @Nullable
        @Min(FunctionLimits.MIN_MEMORY_BYTES)
        @Max(FunctionLimits.MAX_ALLOCATED_BYTES)
        @JsonPropertyDescription("Largest limits.allocatedBytes of a function.")
        Long allocatedBytes,

        @Nullable
        @Min(0)
        @Max(FunctionLimits.MAX_SUBREQUESTS)
        @JsonPropertyDescription("Largest limits.subrequests of a function.")
        Integer subrequests,

        @Nullable
        @Min(1)
        @Max(FunctionLimits.MAX_CONCURRENT_SUBREQUESTS)
        @JsonPropertyDescription("Largest limits.concurrentSubrequests of a function.")
        Integer concurrentSubrequests,

        @Nullable
        @Min(0)
        @Max(FunctionLimits.MAX_LOG_BYTES)
        @JsonPropertyDescription("Largest limits.logBytes of a function.")
        Long logBytes,

        @Nullable
        @DurationMin(millis = 1)
        @DurationMax(seconds = FunctionLimits.MAX_STARTUP_SECONDS)
        @JsonPropertyDescription("Largest limits.startup of a function.")
        Duration startup,

        @Nullable
        @Min(1)
        @Max(FunctionLimits.MAX_CODE_BYTES)
        @JsonPropertyDescription("Largest limits.codeBytes of a function.")
        Long codeBytes) {

    /** The platform's own. */
    public static final FunctionCeilings NONE =
            new FunctionCeilings(null, null, null, null, null, null, null, null, null);

    /**
     * A limit above its ceiling.
     *
     * @param field its name in {@link FunctionLimits}
     * @param value what the function asks for, as a document would say it
     * @param ceiling what it may have
     */
    public record Beyond(String field, String value, String ceiling) {}

    /** The limits, each no higher than its ceiling. */
    public FunctionLimits lower(FunctionLimits limits) {
        Duration newWall = least(limits.wall(), wall);
        return new FunctionLimits(
                // A cpu beyond wall could never be used up.
                least(least(limits.cpu(), cpu), newWall),
                newWall,
                least(limits.memoryBytes(), memoryBytes),
                least(limits.allocatedBytes(), allocatedBytes),
                (int) least(limits.subrequests(), subrequests),
                (int) least(limits.concurrentSubrequests(), concurrentSubrequests),
                least(limits.logBytes(), logBytes),
                least(limits.startup(), startup),
                least(limits.codeBytes(), codeBytes));
    }

    /** Which limits are above their ceilings, in the order of their fields. */
    public List<Beyond> beyond(FunctionLimits limits) {
        List<Beyond> found = new ArrayList<>();
        beyond(found, "cpu", limits.cpu(), cpu);
        beyond(found, "wall", limits.wall(), wall);
        beyond(found, "memoryBytes", limits.memoryBytes(), memoryBytes);
        beyond(found, "allocatedBytes", limits.allocatedBytes(), allocatedBytes);
        beyond(found, "subrequests", limits.subrequests(), subrequests);
        beyond(found, "concurrentSubrequests", limits.concurrentSubrequests(), concurrentSubrequests);
        beyond(found, "logBytes", limits.logBytes(), logBytes);
        beyond(found, "startup", limits.startup(), startup);
        beyond(found, "codeBytes", limits.codeBytes(), codeBytes);
        return List.copyOf(found);
    }

    private static Duration least(Duration value, @Nullable Duration ceiling) {
        return ceiling == null || value.compareTo(ceiling) <= 0 ? value : ceiling;
    }

    private static long least(long value, @Nullable Number ceiling) {
        return ceiling == null ? value : Math.min(value, ceiling.longValue());
    }

    private static void beyond(List<Beyond> found, String field, Duration value, @Nullable Duration ceiling) {
        if (ceiling != null && value.compareTo(ceiling) > 0) {
            found.add(new Beyond(field, value.toMillis() + "ms", ceiling.toMillis() + "ms"));
        }
    }

    private static void beyond(List<Beyond> found, String field, long value, @Nullable Number ceiling) {
        if (ceiling != null && value > ceiling.longValue()) {
            found.add(new Beyond(field, Long.toString(value), ceiling.toString()));
        }
    }
}
