package dev.verge.cache.options;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of {@code byStatus}: a status ({@code 404}) or a class ({@code 5xx}). */
final class StatusKeys {
    private static final Pattern KEY = Pattern.compile("[2-5](\\d\\d|xx)");

    private StatusKeys() {}

    static Map<String, Duration> checked(Map<String, Duration> byStatus) {
        byStatus.forEach((key, lifetime) -> {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(
                        "byStatus: \"" + key + "\" is no status; write a number such as 404, or a class such as 5xx");
            }
            if (lifetime.isNegative()) {
                throw new IllegalArgumentException("byStatus: the lifetime of " + key + " is negative; use 0s or more");
            }
        });
        return Map.copyOf(byStatus);
    }
}
