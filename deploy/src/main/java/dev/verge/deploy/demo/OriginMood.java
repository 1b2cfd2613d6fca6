package dev.verge.deploy.demo;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a demo origin behaves until it is told otherwise.
 *
 * @param healthy what {@code /healthz} says: 200 or 503
 * @param failWith status of every other answer, 400 to 599; null for the real answers
 * @param delay pause before each answer, health checks included; up to a minute
 * @param hang whether requests, health checks included, are accepted and not answered
 */
record OriginMood(boolean healthy, @Nullable Integer failWith, Duration delay, boolean hang) {
    static final OriginMood WELL = new OriginMood(true, null, Duration.ZERO, false);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");

    /** A mood, or everything that is wrong with the text that should describe one. */
    sealed interface Read {
        record Mood(OriginMood mood) implements Read {}

        record Mistakes(List<String> lines) implements Read {}
    }

    /** Reads a JSON object; fields that it leaves out are as in {@link #WELL}. */
    static Read read(String json) {
        JsonObject object;
        try {
            object = new JsonObject(json.isBlank() ? "{}" : json);
        } catch (DecodeException e) {
            return new Read.Mistakes(
                    List.of("the body is not a JSON object; send for example {\"failWith\": 503}, or {}"));
        }
        List<String> mistakes = new ArrayList<>();
        boolean healthy = true;
        @Nullable Integer failWith = null;
        Duration delay = Duration.ZERO;
        boolean hang = false;
        for (Map.Entry<String, Object> field : object) {
            String name = field.getKey();
            @Nullable Object value = field.getValue();
            switch (name) {
                case "healthy" -> healthy = flag(name, value, mistakes);
                case "hang" -> hang = flag(name, value, mistakes);
                case "failWith" -> failWith = status(value, mistakes);
                case "delay" -> delay = delay(value, mistakes);
                default -> mistakes.add(name + ": unknown; the fields are healthy, failWith, delay, hang");
            }
        }
        return mistakes.isEmpty()
                ? new Read.Mood(new OriginMood(healthy, failWith, delay, hang))
                : new Read.Mistakes(mistakes);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("healthy", healthy)
                .put("failWith", failWith)
                .put("delay", delay.toMillis() + "ms")
                .put("hang", hang);
    }

    private static boolean flag(String name, @Nullable Object value, List<String> mistakes) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        mistakes.add(name + ": " + value + " is neither true nor false");
        return false;
    }

    private static @Nullable Integer status(@Nullable Object value, List<String> mistakes) {
        if (value == null) {
            return null;
        }
        if (value instanceof Integer status && status >= 400 && status <= 599) {
            return status;
        }
        mistakes.add("failWith: " + value + " is not a status from 400 to 599; leave it out for real answers");
        return null;
    }

    private static Duration delay(@Nullable Object value, List<String> mistakes) {
        Matcher written = DURATION.matcher(String.valueOf(value));
        if (value instanceof String && written.matches()) {
            long amount = Long.parseLong(written.group(1));
            Duration delay = switch (written.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMinutes(amount);
            };
            if (delay.compareTo(LONGEST_DELAY) <= 0) {
                return delay;
            }
        }
        mistakes.add("delay: " + value + " is not a duration up to 1m; write \"250ms\" or \"2s\"");
        return Duration.ZERO;
    }
}
