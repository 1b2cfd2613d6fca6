package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.ScheduleRun;
import dev.verge.control.resource.ScheduleRunOrder;
import dev.verge.control.resource.SecretView;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Calls about one function besides its versions. Futures fail as {@link ApiClient}'s do. */
public final class FunctionCalls {
    private static final TypeReference<Map<String, String>> VARS = new TypeReference<>() {};
    private static final TypeReference<List<String>> SCHEDULES = new TypeReference<>() {};
    private static final TypeReference<Page<SecretView>> SECRETS = new TypeReference<>() {};
    private static final TypeReference<Page<ScheduleRun>> RUNS = new TypeReference<>() {};

    /** A function may run for five minutes. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(6);

    private final Wire wire;
    private final String path;

    FunctionCalls(Wire wire, String path) {
        this.wire = wire;
        this.path = path;
    }

    /** The values set for the function as a whole. */
    public Future<Map<String, String>> vars() {
        return wire.call(HttpMethod.GET, path + "/vars").send(VARS);
    }

    /** Replaces the values set for the function as a whole. */
    public Future<Map<String, String>> setVars(Map<String, String> vars) {
        return wire.call(HttpMethod.PUT, path + "/vars").json(vars).send(VARS);
    }

    /** What may be told of its secrets. */
    public Future<List<SecretView>> secrets() {
        return wire.all(path + "/secrets", SECRETS);
    }

    /** Sets a secret. */
    public Future<SecretView> setSecret(String name, String value) {
        return wire.call(HttpMethod.PUT, path + "/secrets/" + Wire.part(name))
                .json(Map.of("value", value))
                .send(new TypeReference<>() {});
    }

    /** Removes a secret. */
    public Future<Void> deleteSecret(String name) {
        return wire.call(HttpMethod.DELETE, path + "/secrets/" + Wire.part(name))
                .send()
                .mapEmpty();
    }

    /** Its schedules. */
    public Future<List<String>> schedules() {
        return wire.call(HttpMethod.GET, path + "/schedules").send(SCHEDULES);
    }

    /** Replaces its schedules. */
    public Future<List<String>> setSchedules(List<String> schedules) {
        return wire.call(HttpMethod.PUT, path + "/schedules").json(schedules).send(SCHEDULES);
    }

    /** The latest runs of its schedules. */
    public Future<List<ScheduleRun>> scheduleRuns(int most) {
        return wire.call(HttpMethod.GET, path + "/schedules/runs?limit=" + most)
                .send(RUNS)
                .map(Page::items);
    }

    /** Its last deployment that was staged or watched. */
    public Future<Rollout> rollout() {
        return wire.call(HttpMethod.GET, path + "/rollout").send(new TypeReference<>() {});
    }

    /** Gives all nodes what those of a rollout's groups have. */
    public Future<FunctionState> continueRollout() {
        return wire.call(HttpMethod.POST, path + "/rollout/continue").send(new TypeReference<>() {});
    }

    /** Takes a rollout back. */
    public Future<FunctionState> abortRollout() {
        return wire.call(HttpMethod.POST, path + "/rollout/abort").send(new TypeReference<>() {});
    }

    /** Calls its scheduled handler now. */
    public Future<ScheduleRun> runSchedule(String cron) {
        return wire.call(HttpMethod.POST, path + "/schedules/runs")
                .timeout(LONGEST_RUN)
                .json(new ScheduleRunOrder(cron))
                .send(new TypeReference<>() {});
    }

    /**
     * Watches its runs as they happen, on every node; completes when the control plane ends the stream, after an hour at most.
     *
     * @param told each event's name ({@code run}, {@code dropped}) and data, a JSON object; on an event loop
     */
    public Future<Void> watch(BiConsumer<String, String> told) {
        return wire.call(HttpMethod.GET, path + "/logs")
                .header("Accept", "text/event-stream")
                .pipe(new EventReader(told))
                .mapEmpty();
    }

    /** Calls the function on one node; answers with its response, whatever its status. */
    public Future<Invoked> invoke(Invocation call) {
        List<String> query =
                new ArrayList<>(List.of("method=" + Wire.part(call.method()), "url=" + Wire.part(call.url())));
        if (call.version() != null) {
            query.add("version=" + call.version());
        }
        Wire.Call request = wire.call(HttpMethod.POST, path + "/invoke?" + String.join("&", query))
                .timeout(LONGEST_RUN)
                .body(call.body());
        call.headers().forEach(request::header);
        return request.sendAny()
                .compose(answer -> answer.getHeader("Verge-Outcome") == null
                        ? Future.failedFuture(new ApiProblem(wire.problem(answer)))
                        : Future.succeededFuture(invoked(answer)));
    }

    private static Invoked invoked(HttpResponse<Buffer> answer) {
        return new Invoked(
                answer.statusCode(),
                answer.headers().entries(),
                answer.body() == null ? Buffer.buffer() : answer.body(),
                header(answer, "Verge-Outcome"),
                header(answer, "Verge-Node"),
                header(answer, "Verge-Version"));
    }

    private static String header(HttpResponse<Buffer> answer, String name) {
        @Nullable String value = answer.getHeader(name);
        return value == null ? "" : value;
    }
}
