package dev.verge.control.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.function.FunctionTable;
import dev.verge.control.resource.ScheduleRun;
import dev.verge.control.resource.ScheduleRunOrder;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Schedules of functions over the API. */
public final class ScheduleRoutes {
    private static final int MOST_SCHEDULES = 20;

    private final Scheduler scheduler;

    /** Routes whose runs this scheduler makes. */
    public ScheduleRoutes(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String all = "/functions/{function}/schedules";
        return List.of(
                Route.get(
                        all,
                        "getFunctionSchedules",
                        Scope.READ,
                        "When the function's scheduled handler is called: cron expressions, in UTC.",
                        Route.Answer.of(200, List.class),
                        call -> Reply.ok(call.<List<String>>read(session -> {
                            FunctionTable.Stored function = find(session, call);
                            return ScheduleTable.of(session, function.account(), function.name());
                        }))),
                Route.put(
                        all,
                        "putFunctionSchedules",
                        Scope.FUNCTIONS_WRITE,
                        "Replaces the schedules: five fields each (minute hour day-of-month month day-of-week), in UTC.",
                        new Route.Body.TextList(),
                        Route.Answer.of(200, List.class),
                        this::put),
                Route.get(
                        all + "/runs",
                        "listFunctionScheduleRuns",
                        Scope.READ,
                        "The runs of the last three days, the latest first: when each was due, on which node, and how it ended.",
                        Route.Answer.page(ScheduleRun.class),
                        call -> call.page(run -> Long.toString(run.dueAt().toEpochMilli()), (session, paging) -> {
                            FunctionTable.Stored function = find(session, call);
                            return ScheduleTable.runs(
                                    session,
                                    function.account(),
                                    function.name(),
                                    paging.numberAfter().orElse(Long.MAX_VALUE),
                                    paging.rows());
                        })),
                Route.post(
                        all + "/runs",
                        "runFunctionSchedule",
                        Scope.FUNCTIONS_WRITE,
                        "Calls the scheduled handler now on one node, and answers how that ended.",
                        new Route.Body.Json(ScheduleRunOrder.class),
                        Route.Answer.of(200, ScheduleRun.class),
                        this::run));
    }

    private Reply put(Call call) {
        List<String> schedules = schedules(call.tree());
        return call.commit(session -> {
            FunctionTable.Stored function = find(session, call);
            Reply reply = Reply.ok(schedules);
            if (ScheduleTable.of(session, function.account(), function.name()).equals(schedules)) {
                return Outcome.unchanged(reply);
            }
            ScheduleTable.replace(session, function.account(), function.name(), schedules);
            return Outcome.kept(reply, "set schedules " + schedules + " of function " + function.name());
        });
    }

    private Reply run(Call call) {
        String cron = call.bind(ScheduleRunOrder.class).cron();
        FunctionTable.Stored function = call.read(session -> {
            FunctionTable.Stored found = find(session, call);
            if (!FunctionTable.deployed(session, found.account(), found.name())) {
                throw Problems.conflict("No version of the function takes traffic; deploy one first.");
            }
            return found;
        });
        return Reply.ok(scheduler.now(
                new ScheduleTable.Scheduled(function.account(), function.name(), function.revision(), cron)));
    }

    private static FunctionTable.Stored find(Session session, Call call) {
        return FunctionTable.find(session, call.account(), call.parameter("function"))
                .orElseThrow(() -> Problems.notFound("such function"));
    }

    private static List<String> schedules(JsonNode tree) {
        if (!tree.isArray() || tree.size() > MOST_SCHEDULES) {
            throw Problems.mistake(
                    "", "", "a list of at most " + MOST_SCHEDULES + " cron expressions", "write [\"*/5 * * * *\"]");
        }
        List<Problem> problems = new ArrayList<>();
        SequencedSet<String> schedules = new LinkedHashSet<>();
        for (int i = 0; i < tree.size(); i++) {
            String place = Paths.element("", i);
            JsonNode item = tree.path(i);
            if (!item.isTextual()) {
                problems.add(new Problem(place, item.toString(), "a cron expression", "put it in quotes"));
                continue;
            }
            String written = item.textValue().strip().replaceAll("\\s+", " ");
            problems.addAll(Cron.parse(written, place).mistakes());
            if (!schedules.add(written)) {
                problems.add(new Problem(place, written, "a schedule that stands once", "remove one of the two"));
            }
        }
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        return List.copyOf(schedules);
    }
}
