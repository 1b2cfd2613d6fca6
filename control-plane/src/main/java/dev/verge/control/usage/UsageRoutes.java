package dev.verge.control.usage;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.function.FunctionTable;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.UsageGap;
import dev.verge.control.resource.UsageReport;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.DurationText;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.usage.UsageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an account used, by the minute. */
public final class UsageRoutes {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final int MOST_LINES = 10_000;
    private static final int MOST_GAPS = 1_000;
    private static final long MILLIS_IN_MINUTE = 60_000;
    private static final String CSV = "text/csv";
    private static final String[] READS = {"from", "to", "by", "step", "format"};

    /** Whose lines are told. */
    private enum By {
        FUNCTION,
        SITE,
        ACCOUNT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The declared routes. */
    public List<Route> routes() {
        String form =
                " Whole minutes from `from` to `to` (RFC 3339; the last hour when left out), added up or by `step` (1m, 1h,"
                        + " 1d …); CSV with format=csv or Accept: text/csv.";
        return List.of(
                Route.get(
                                "/usage",
                                "getUsage",
                                Scope.READ,
                                "What the account used, by function, site or account." + form,
                                Route.Answer.of(200, UsageReport.class).or(CSV),
                                UsageRoutes::usage)
                        .reading(READS),
                Route.get(
                                "/functions/{function}/usage",
                                "getFunctionUsage",
                                Scope.READ,
                                "What a function used, by version." + form,
                                Route.Answer.of(200, UsageReport.class).or(CSV),
                                UsageRoutes::functionUsage)
                        .reading("from", "to", "step", "format"),
                Route.get(
                                "/sites/{site}/usage",
                                "getSiteUsage",
                                Scope.READ,
                                "What a site used." + form,
                                Route.Answer.of(200, UsageReport.class).or(CSV),
                                UsageRoutes::siteUsage)
                        .reading("from", "to", "step", "format"));
    }

    private static Reply usage(Call call) {
        String word = call.query("by").orElse(By.FUNCTION.word());
        By by = List.of(By.values()).stream()
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> Problems.malformed("by is \"" + word + "\"; write by=function, by=site or by=account."));
        return answer(call, by, null);
    }

    private static Reply functionUsage(Call call) {
        String function = call.parameter("function");
        if (call.read(session -> FunctionTable.find(session, call.account(), function))
                .isEmpty()) {
            throw Problems.notFound("such function");
        }
        return answer(call, By.FUNCTION, function);
    }

    private static Reply siteUsage(Call call) {
        String site = call.parameter("site");
        boolean known = call.read(
                session -> session.exists("SELECT 1 FROM site WHERE account = ? AND name = ?", call.account(), site));
        if (!known) {
            throw Problems.notFound("such site");
        }
        return answer(call, By.SITE, site);
    }

    private static Reply answer(Call call, By by, @Nullable String name) {
        List<Problem> problems = new ArrayList<>();
        Instant to = time(call, "to", call.now(), problems);
        Instant from = time(call, "from", to.minus(USUAL), problems);
        long fromMinute = Math.floorDiv(from.toEpochMilli(), MILLIS_IN_MINUTE);
        long toMinute = Math.ceilDiv(to.toEpochMilli(), MILLIS_IN_MINUTE);
        long stepMinutes = step(call, problems);
        if (problems.isEmpty() && toMinute <= fromMinute) {
            problems.add(new Problem("from", from.toString(), "before to", "choose an earlier time"));
        }
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        Span span = new Span(fromMinute, toMinute, stepMinutes == 0 ? toMinute - fromMinute : stepMinutes);
        UsageReport report = call.read(session -> report(session, call, by, name, span, stepMinutes));
        return csv(call)
                ? Reply.bytes(CSV + "; charset=utf-8", UsageCsv.of(report).getBytes(StandardCharsets.UTF_8))
                        .with("Content-Disposition", "attachment; filename=\"usage-" + by.word() + ".csv\"")
                : Reply.ok(report);
    }

    /** Minutes since 1970 UTC. */
    private record Span(long from, long to, long step) {}

    private static UsageReport report(
            Session session, Call call, By by, @Nullable String name, Span span, long stepMinutes) {
        List<UsageTable.Line> functions = by == By.SITE
                ? List.of()
                : lines(session, call.account(), UsageKey.Kind.FUNCTION, name, span, by != By.ACCOUNT);
        List<UsageTable.Line> sites = by == By.FUNCTION
                ? List.of()
                : lines(session, call.account(), UsageKey.Kind.SITE, name, span, by != By.ACCOUNT);
        Instant from = instant(span.from());
        Instant to = instant(span.to());
        List<UsageGap> gaps = UsageTable.gaps(session, from, to, MOST_GAPS);
        return new UsageReport(
                from,
                to,
                by.word(),
                stepMinutes == 0 ? null : DurationText.format(Duration.ofMinutes(stepMinutes)),
                functions.stream()
                        .map(line -> Lines.function(instant(line.minute()), line.key(), line.sum()))
                        .toList(),
                sites.stream()
                        .map(line -> Lines.site(instant(line.minute()), line.key(), line.sum()))
                        .toList(),
                gaps);
    }

    private static List<UsageTable.Line> lines(
            Session session, String account, UsageKey.Kind kind, @Nullable String name, Span span, boolean apart) {
        List<UsageTable.Line> lines = UsageTable.lines(
                session,
                new UsageTable.Question(account, kind, name, span.from(), span.to(), span.step(), apart),
                MOST_LINES + 1);
        if (lines.size() > MOST_LINES) {
            throw Problems.mistake(
                    "step",
                    Long.toString(span.step()) + "m",
                    "at most " + MOST_LINES + " lines in a report",
                    "ask for a larger step or less time");
        }
        return lines;
    }

    private static Instant instant(long minute) {
        return Instant.ofEpochMilli(minute * MILLIS_IN_MINUTE);
    }

    private static Instant time(Call call, String name, Instant usual, List<Problem> problems) {
        Optional<String> text = call.query(name);
        if (text.isEmpty()) {
            return usual;
        }
        try {
            Instant time = Instant.parse(text.get());
            if (time.isAfter(Instant.EPOCH) && time.isBefore(call.now().plus(365, ChronoUnit.DAYS))) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Told below, like a time that is out of range.
        }
        problems.add(new Problem(
                name,
                text.get(),
                "a time as in RFC 3339, in UTC",
                "write it as " + call.now().truncatedTo(ChronoUnit.SECONDS)));
        return usual;
    }

    /** In minutes; 0 when the whole time is one step. */
    private static long step(Call call, List<Problem> problems) {
        Optional<String> text = call.query("step");
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Duration step = DurationText.parse(text.get());
            if (step.toMinutes() >= 1 && step.toSeconds() % 60 == 0 && step.toDays() <= 400) {
                return step.toMinutes();
            }
        } catch (IllegalArgumentException e) {
            // Told below, like a step that is out of range.
        }
        problems.add(new Problem("step", text.get(), "whole minutes, at least one", "write it as 1m, 1h or 1d"));
        return 0;
    }

    private static boolean csv(Call call) {
        Optional<String> format = call.query("format");
        if (format.isPresent() && !List.of("csv", "json").contains(format.get())) {
            throw Problems.malformed("format is \"" + format.get() + "\"; write format=json or format=csv.");
        }
        return format.map("csv"::equals)
                .orElseGet(() -> call.header("Accept")
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .startsWith(CSV));
    }
}
