package dev.verge.control.site;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.resource.Deployment;
import dev.verge.sync.binding.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a document is tried before all nodes get it.
 *
 * @param groups at the nodes of these; at least one
 * @param pause for how long; null: until it is told to go on
 */
record Staging(List<String> groups, @Nullable Duration pause) {
    static final String GROUPS = "groups";
    static final String PAUSE = "pause";
    private static final int MOST_GROUPS = 64;

    Staging {
        groups = List.copyOf(groups);
    }

    /** What the query of a call says; null: all nodes at once. */
    static @Nullable Staging of(Call call) {
        List<String> groups = call.query(GROUPS).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .filter(group -> !group.isEmpty())
                .distinct()
                .toList();
        if (groups.size() > MOST_GROUPS) {
            throw Problems.mistake(
                    GROUPS, Integer.toString(groups.size()), "at most " + MOST_GROUPS + " groups", "name fewer");
        }
        String pause = call.query(PAUSE).orElse(null);
        if (!groups.isEmpty()) {
            return new Staging(groups, pause == null || pause.equals(Deployment.MANUAL) ? null : time(pause));
        }
        if (pause != null) {
            throw Problems.mistake(
                    PAUSE, pause, "there are no groups that have it first", "name groups, or leave it out");
        }
        return null;
    }

    private static Duration time(String pause) {
        try {
            Duration time = DurationText.parse(pause);
            if (time.compareTo(Deployment.LONGEST_PAUSE) <= 0) {
                return time;
            }
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            // Told below.
        }
        throw Problems.mistake(
                PAUSE,
                pause,
                "must be " + Deployment.MANUAL + ", or a duration of at most "
                        + DurationText.format(Deployment.LONGEST_PAUSE),
                "write it as 30s, 10m, 1h or 1d");
    }
}
