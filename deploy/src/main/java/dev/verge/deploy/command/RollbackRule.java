package dev.verge.deploy.command;

import dev.verge.control.resource.RollbackOn;
import dev.verge.sync.binding.DurationText;
import java.time.Duration;

/** Reads the value of {@code --rollback-on}: {@code error-rate=5%,window=30s,runs=20}. */
final class RollbackRule {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final int RUNS = 20;
    private static final double PERCENT = 100;

    private RollbackRule() {}

    static RollbackOn parse(String text) {
        double rate = -1;
        Duration window = WINDOW;
        int runs = RUNS;
        try {
            for (String part : text.split(",", -1)) {
                int equals = part.indexOf('=');
                String value = part.substring(equals + 1);
                switch (part.substring(0, Math.max(0, equals))) {
                    case "error-rate" -> rate = rate(value);
                    case "window" -> window = DurationText.parse(value);
                    case "runs" -> runs = Integer.parseInt(value);
                    default -> throw new IllegalArgumentException(part);
                }
            }
        } catch (IllegalArgumentException wrong) {
            rate = -1;
        }
        if (rate <= 0 || rate > 1) {
            throw CommandFailure.wrongUsage(
                    "--rollback-on: \"" + text + "\" cannot be read; write error-rate=5%,window=30s");
        }
        return new RollbackOn(rate, window, runs);
    }

    private static double rate(String value) {
        return value.endsWith("%")
                ? Double.parseDouble(value.substring(0, value.length() - 1)) / PERCENT
                : Double.parseDouble(value);
    }
}
