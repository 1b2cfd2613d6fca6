package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.UsageQuestion;
import dev.verge.control.resource.UsageReport;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.binding.DurationText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge usage}: what sites and functions used. */
@Command(
        name = "usage",
        description = {
            "Shows what the account's functions or sites used: runs or requests, how they ended, CPU time, GB-seconds, bytes, latency.",
            "Usage is kept by the minute; without --step all of the time is one line."
        },
        footer = {
            "",
            "Example:",
            "  verge usage",
            "  verge usage --function checkout --from 24h --step 1h",
            "  verge usage --site shop --from 2030-01-01T00:00:00Z --to 2030-02-01T00:00:00Z --step 1d --csv"
        })
final class UsageCommand extends ApiCommand {
    @Option(names = "--function", paramLabel = "NAME", description = "That function alone, by version.")
    private @Nullable String function;

    @Option(names = "--site", paramLabel = "NAME", description = "That site alone.")
    private @Nullable String site;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "function",
            description = "function, site or account, when neither is named (default: ${DEFAULT-VALUE}).")
    private String by = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "A time in UTC, or how long ago: 30m, 24h, 7d (default: ${DEFAULT-VALUE}).")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", description = "Likewise (default: now).")
    private @Nullable String to;

    @Option(names = "--step", paramLabel = "TIME", description = "A line for each minute, hour, day: 1m, 1h, 1d.")
    private @Nullable String step;

    @Option(names = "--csv", description = "Comma-separated values, with a head line.")
    private boolean csv;

    @Override
    int run(ApiClient client, Output output) {
        if (function != null && site != null) {
            throw CommandFailure.wrongUsage("--function and --site: name one of them");
        }
        if (csv && output.json()) {
            throw CommandFailure.wrongUsage("--csv and --json: choose one of them");
        }
        Map<String, String> query = new HashMap<>();
        Instant now = Instant.now();
        query.put("from", time("--from", from, now));
        if (to != null) {
            query.put("to", time("--to", to, now));
        }
        if (step != null) {
            query.put("step", step);
        }
        if (function == null && site == null) {
            query.put("by", by);
        }
        UsageQuestion question = new UsageQuestion(function, site, query);
        if (csv) {
            output.text(await(client.usage().csv(question)));
            return 0;
        }
        UsageReport report = await(client.usage().report(question));
        output.value(WireJson.tree(report));
        show(output, report);
        return 0;
    }

    private static String time(String option, String text, Instant now) {
        try {
            return (text.matches("[0-9]+(ms|s|m|h|d)") ? now.minus(DurationText.parse(text)) : Instant.parse(text))
                    .truncatedTo(ChronoUnit.MILLIS)
                    .toString();
        } catch (RuntimeException wrong) {
            throw CommandFailure.wrongUsage(
                    option + ": \"" + text + "\" is no time; write 24h for a day ago, or 2030-01-31T00:00:00Z");
        }
    }

    private static void show(Output output, UsageReport report) {
        if (!report.by().equals("site")) {
            output.table(
                    List.of("AT", "FUNCTION", "VERSION", "RUNS", "ERRORS", "CPU MS", "GB-S", "OUT", "P50 MS", "P99 MS"),
                    report.functions().stream()
                            .map(line -> List.of(
                                    line.at().toString(),
                                    named(line.function()),
                                    line.version() == 0 ? "all" : Integer.toString(line.version()),
                                    Long.toString(line.runs()),
                                    Long.toString(line.errors()),
                                    number(line.cpuMillis()),
                                    number(line.gbSeconds()),
                                    Long.toString(line.bytesOut()),
                                    number(line.p50Millis()),
                                    number(line.p99Millis())))
                            .toList());
        }
        if (!report.by().equals("function")) {
            output.table(
                    List.of("AT", "SITE", "REQUESTS", "HITS", "MISSES", "5XX", "IN", "OUT", "P50 MS", "P99 MS"),
                    report.sites().stream()
                            .map(line -> List.of(
                                    line.at().toString(),
                                    named(line.site()),
                                    Long.toString(line.requests()),
                                    Long.toString(line.hits()),
                                    Long.toString(line.misses()),
                                    Long.toString(line.errors()),
                                    Long.toString(line.bytesIn()),
                                    Long.toString(line.bytesOut()),
                                    number(line.p50Millis()),
                                    number(line.p99Millis())))
                            .toList());
        }
        report.gaps()
                .forEach(gap -> output.complaint(
                        "missing: node " + gap.node() + " from " + gap.from() + " to " + gap.to() + " (" + gap.reason()
                                + (gap.intervals() > 0 ? ", " + gap.intervals() + " s" : "") + ")"));
    }

    private static String named(String name) {
        return name.isEmpty() ? "all" : name;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
