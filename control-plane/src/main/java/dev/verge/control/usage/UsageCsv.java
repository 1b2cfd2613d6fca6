package dev.verge.control.usage;

import dev.verge.control.resource.FunctionUsage;
import dev.verge.control.resource.SiteUsage;
import dev.verge.control.resource.UsageReport;
import dev.verge.sync.usage.UsageField;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as comma-separated values (RFC 4180): a head line and a line for each of its lines; functions first, then sites. */
final class UsageCsv {
    private static final List<String> CLASSES = List.of("2xx", "3xx", "4xx", "5xx", "aborted");
    private static final String END = "\r\n";

    private UsageCsv() {}

    static String of(UsageReport report) {
        StringBuilder out = new StringBuilder();
        if (!report.by().equals("site")) {
            line(
                    out,
                    Stream.concat(
                            Stream.of("at", "function", "version", "runs"),
                            Stream.concat(
                                    UsageField.OUTCOMES.stream().map(UsageField::word),
                                    Stream.of(
                                            "errors",
                                            "cpuMillis",
                                            "wallMillis",
                                            "gbSeconds",
                                            "bytesIn",
                                            "bytesOut",
                                            "subrequests",
                                            "coldStarts",
                                            "p50Millis",
                                            "p99Millis"))));
            report.functions().forEach(line -> function(out, line));
        }
        if (!report.by().equals("function")) {
            line(
                    out,
                    Stream.concat(
                            Stream.of("at", "site", "requests"),
                            Stream.concat(
                                    CLASSES.stream(),
                                    Stream.of(
                                            "hits",
                                            "misses",
                                            "errors",
                                            "bytesIn",
                                            "bytesOut",
                                            "p50Millis",
                                            "p99Millis"))));
            report.sites().forEach(line -> site(out, line));
        }
        return out.toString();
    }

    private static void function(StringBuilder out, FunctionUsage line) {
        line(
                out,
                Stream.concat(
                        Stream.of(line.at(), line.function(), line.version(), line.runs()),
                        Stream.concat(
                                UsageField.OUTCOMES.stream().map(outcome -> count(line.outcomes(), outcome.word())),
                                Stream.of(
                                        line.errors(),
                                        line.cpuMillis(),
                                        line.wallMillis(),
                                        line.gbSeconds(),
                                        line.bytesIn(),
                                        line.bytesOut(),
                                        line.subrequests(),
                                        line.coldStarts(),
                                        line.p50Millis(),
                                        line.p99Millis()))));
    }

    private static void site(StringBuilder out, SiteUsage line) {
        line(
                out,
                Stream.concat(
                        Stream.of(line.at(), line.site(), line.requests()),
                        Stream.concat(
                                CLASSES.stream().map(word -> count(line.statuses(), word)),
                                Stream.of(
                                        line.hits(),
                                        line.misses(),
                                        line.errors(),
                                        line.bytesIn(),
                                        line.bytesOut(),
                                        line.p50Millis(),
                                        line.p99Millis()))));
    }

    private static long count(Map<String, Long> counts, String word) {
        return counts.getOrDefault(word, 0L);
    }

    /** Times, numbers and names: none holds a comma, a quote or a line break. */
    private static void line(StringBuilder out, Stream<?> values) {
        out.append(values.map(String::valueOf).collect(Collectors.joining(","))).append(END);
    }
}
