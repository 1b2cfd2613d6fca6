package dev.verge.deploy.command;

import dev.verge.control.resource.WireJson;
import dev.verge.control.schedule.Cron;
import dev.verge.deploy.local.LocalNode;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * The schedules of the functions of a session: each fires in its minutes, in UTC, and whenever it is asked for over a small listener on
 * loopback, {@code POST /scheduled?function=NAME&cron=EXPRESSION}. Pages of a browser are not listened to. Thread-safe.
 */
final class DevSchedules implements AutoCloseable {
    /** What a handler is told that is fired without an expression, and has none of its own. */
    private static final String ANY = "* * * * *";

    /** A schedule of a function. */
    record Due(String function, String cron) {}

    private final LocalNode node;
    private final BiConsumer<Due, OrderResult> fired;
    private final Map<String, List<String>> schedules = new ConcurrentHashMap<>();
    private final String first;
    private final HttpServer door;
    private final Thread clock;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param first the function that is meant when none is named
     * @param fired told of each run when it has ended
     */
    DevSchedules(LocalNode node, String first, BiConsumer<Due, OrderResult> fired) {
        this.node = node;
        this.first = first;
        this.fired = fired;
        this.door = node.vertx()
                .createHttpServer(new HttpServerOptions().setMaxInitialLineLength(4096))
                .requestHandler(this::asked)
                .listen(0, "127.0.0.1")
                .await();
        this.clock = Thread.ofVirtual().name("schedules of verge dev").start(this::tick);
    }

    /** Where runs can be asked for. */
    String url() {
        return "http://127.0.0.1:" + door.actualPort() + "/scheduled";
    }

    /** A function has just these schedules, which are right. */
    void set(String function, List<String> crons) {
        schedules.put(function, crons);
    }

    /** What is due in the minute of {@code time}. */
    List<Due> due(Instant time) {
        List<Due> due = new ArrayList<>();
        schedules.forEach((function, crons) -> crons.stream()
                .filter(cron -> Cron.parse(cron, "") instanceof Bound.Valid<Cron>(Cron parsed) && parsed.matches(time))
                .forEach(cron -> due.add(new Due(function, cron))));
        return due;
    }

    /** Runs a handler now; blocks until it has ended. */
    OrderResult fire(Due due, Instant time) {
        OrderResult result = node.tick(due.function(), due.cron(), time.toEpochMilli());
        fired.accept(due, result);
        return result;
    }

    /** The first schedule of the first function, or any time when it has none. */
    Due next() {
        return new Due(
                first,
                schedules.getOrDefault(first, List.of()).stream().findFirst().orElse(ANY));
    }

    private void tick() {
        Instant minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        while (!closed) {
            Instant next = minute.plus(1, ChronoUnit.MINUTES);
            while (!closed && Instant.now().isBefore(next)) {
                LockSupport.parkNanos(Duration.between(Instant.now(), next).toNanos());
            }
            minute = next;
            for (Due due : closed ? List.<Due>of() : due(next)) {
                Thread.ofVirtual().name("scheduled " + due.function()).start(() -> fire(due, next));
            }
        }
    }

    private void asked(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String host = request.authority() == null ? "" : request.authority().host();
        boolean page = request.getHeader("Origin") != null
                || !List.of("127.0.0.1", "localhost").contains(host);
        String function = request.getParam("function", first);
        Due next = function.equals(first) ? next() : new Due(function, ANY);
        String cron = request.getParam("cron", next.cron());
        if (page) {
            answer(response, 403, Map.of("problem", "pages of a browser may not fire schedules"));
        } else if (!"/scheduled".equals(request.path()) || !schedules.containsKey(function)) {
            answer(
                    response,
                    404,
                    Map.of(
                            "problem",
                            "there is POST /scheduled?function=NAME&cron=EXPRESSION, for " + schedules.keySet()));
        } else if (!request.method().equals(HttpMethod.POST)) {
            answer(response, 405, Map.of("problem", "POST fires it"));
        } else if (!(Cron.parse(cron, "cron") instanceof Bound.Valid<Cron>)) {
            answer(response, 400, Map.of("problem", "cron: " + cron + " is no cron expression; such as */5 * * * *"));
        } else {
            Thread.ofVirtual().name("scheduled " + function).start(() -> {
                OrderResult result = fire(new Due(function, cron), Instant.now());
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("function", function);
                told.put("cron", cron);
                told.put("outcome", result.outcome());
                told.put("reason", result.reason());
                answer(response, 200, told);
            });
        }
    }

    private static void answer(HttpServerResponse response, int status, Map<String, Object> body) {
        var _ = response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(WireJson.text(body) + "\n");
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(clock);
        door.close().await();
    }
}
