package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.WireJson;
import dev.verge.deploy.command.Output.Colour;
import dev.verge.deploy.local.CodeProbe;
import dev.verge.deploy.local.LocalCompiler;
import dev.verge.deploy.local.LocalFunction;
import dev.verge.deploy.local.LocalNode;
import dev.verge.deploy.local.SourceWatch;
import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.typescript.Compilation;
import dev.verge.sync.log.Secret;
import dev.verge.sync.order.OrderResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code verge dev} does: serves functions from their folders, and again whenever they are saved. */
final class DevSession implements AutoCloseable {
    private static final String SITE = "local";
    private static final Duration LOOK = Duration.ofMillis(10);

    /** Looking takes at most this share of a processor, whatever there is to look at. */
    private static final int REST = 9;

    /** How often an emptied file is looked at before it counts as meant so. */
    private static final int EMPTY_LOOKS = 20;

    /** Rounds of the compiler before the first save. */
    private static final int PRACTICE = 8;

    /**
     * What to serve.
     *
     * @param paths files or folders; the first one answers, the others are there for service bindings
     * @param vars above those of the manifests
     * @param kv values to begin with, by NAMESPACE/KEY
     * @param origin where a fetch of the own site goes; null: nowhere
     * @param port on loopback; 0 takes a free one
     */
    record Options(
            List<Path> paths,
            Map<String, String> vars,
            Map<String, String> secrets,
            Map<String, String> kv,
            @Nullable String origin,
            int port) {}

    private final Environment environment;
    private final Options options;
    private final Output output;
    private final LocalNode node;
    private final CodeProbe probe;
    private final LocalCompiler compiler;
    private final DevSchedules schedules;
    private final SourceWatch watch;
    private final Map<Path, LocalFunction> live = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread loop;

    private DevSession(Environment environment, Options options, Output output, LocalNode node, String first) {
        this.environment = environment;
        this.options = options;
        this.output = output;
        this.node = node;
        this.probe = new CodeProbe(node);
        this.compiler = new LocalCompiler(node);
        this.schedules = new DevSchedules(node, first, this::fired);
        this.watch = new SourceWatch(options.paths().stream()
                .map(path -> environment.folder().resolve(path).normalize())
                .toList());
        this.loop = Thread.ofVirtual().name("live reload").unstarted(this::reload);
    }

    /**
     * Starts the node and serves what is there. Code that does not start is told of and awaited; a session that cannot start at all
     * throws.
     */
    static DevSession start(Environment environment, Options options, Output output) {
        // What is misspelled on the command line is told before anything is started.
        String name =
                FunctionSources.read(environment, options.paths().getFirst()).name();
        LocalNode node;
        try {
            node = LocalNode.start(options.port());
        } catch (dev.verge.node.StartFailure failure) {
            throw CommandFailure.failed(failure.getMessage() + "; choose another --port");
        }
        DevSession session = new DevSession(environment, options, output, node, name);
        try {
            session.begin(name);
            return session;
        } catch (RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    private void begin(String name) {
        options.kv().forEach((place, value) -> {
            int slash = place.indexOf('/');
            node.put(
                    place.substring(0, slash),
                    place.substring(slash + 1),
                    value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        });
        node.publishSite(SITE, site(name)).ifPresent(refused -> {
            throw CommandFailure.failed("the local site is refused: " + refused);
        });
        publishAll();
        // What has come meanwhile is answered by the code that is there now.
        node.open();
        String url = "http://127.0.0.1:" + node.port() + "/";
        event(
                "ready",
                Map.of("url", url, "function", name, "schedules", schedules.url()),
                output.colour(Colour.GREEN, "ready") + "  " + name + " answers at " + url + "\n       POST "
                        + schedules.url() + " fires a schedule, as does s and Enter here");
        loop.start();
    }

    /** One site for everything that reaches this port under a name of this machine. */
    private String site(String function) {
        String origin = options.origin();
        return "site: " + SITE + "\nhosts: [localhost, \"127.0.0.1\", \"*.localhost\"]\n"
                + (origin == null ? "" : "pools: {origin: {origins: [{url: \"" + origin + "\"}], hostHeader: \"\"}}\n")
                + "functions: {main: {function: " + function + "}}\nrules: [{name: main, do: [{run: main}]}]\n";
    }

    int port() {
        return node.port();
    }

    DevSchedules schedules() {
        return schedules;
    }

    private void reload() {
        long looking = 0;
        int practice = 0;
        while (!closed.get()) {
            LockSupport.parkNanos(Math.max(LOOK.toNanos(), REST * looking));
            try {
                if (practice < PRACTICE) {
                    practice = compiler.practise() ? practice + 1 : PRACTICE;
                }
                long began = System.nanoTime();
                boolean changed = watch.changed();
                looking = System.nanoTime() - began;
                if (changed && !closed.get()) {
                    // An editor may be in the middle of writing.
                    int looks = 0;
                    do {
                        LockSupport.parkNanos(LOOK.toNanos());
                    } while (watch.changed() || (watch.emptied() && looks++ < EMPTY_LOOKS));
                    publishAll();
                }
            } catch (RuntimeException failure) {
                if (!closed.get()) {
                    refused(options.paths().getFirst(), String.valueOf(failure.getMessage()));
                }
            }
        }
    }

    private void publishAll() {
        List<Path> paths = new ArrayList<>(options.paths());
        // The first one calls the others: they come first.
        for (Path path : paths.reversed()) {
            try {
                publish(path);
            } catch (CommandFailure mistakes) {
                refused(path, String.valueOf(mistakes.getMessage()));
            }
        }
    }

    private void publish(Path path) {
        Steps steps = new Steps();
        LocalFunction function = LocalSources.read(environment, path, options.vars(), secrets());
        LocalFunction before = live.get(path);
        if (function.equals(before)) {
            return;
        }
        steps.done("read");
        Compilation compilation = compiler.compile(function);
        steps.done("compile");
        if (!(compilation instanceof Compilation.Done(FunctionBundle compiled))) {
            refused(path, mistakes(((Compilation.Refused) compilation).errors()));
            return;
        }
        LocalFunction whole = function.with(compiled);
        Optional<String> problem = probe.problem(whole);
        steps.done("check");
        problem = problem.or(() -> node.publish(whole));
        steps.done("publish");
        if (problem.isPresent()) {
            refused(path, problem.get());
            return;
        }
        live.put(path, function);
        schedules.set(function.name(), function.schedules());
        if (before == null) {
            node.watch(function.name(), json -> run(function.name(), json));
        }
        long millis = steps.total();
        event(
                before == null ? "loaded" : "reloaded",
                Map.of("function", function.name(), "millis", millis, "steps", steps.millis()),
                output.colour(Colour.GREEN, before == null ? "loaded" : "reloaded") + "  " + function.name() + " in "
                        + millis + " ms");
    }

    /** As the log of a run tells them. */
    private static String mistakes(List<CodeError> errors) {
        return errors.stream()
                .map(error -> error.message()
                        + (error.line() == 0
                                ? " (" + error.module() + ")"
                                : "\n    at " + error.module() + ":" + error.line() + ":" + error.column()))
                .collect(Collectors.joining("\n  "));
    }

    private Map<String, Secret> secrets() {
        Map<String, Secret> secrets = new HashMap<>();
        options.secrets().forEach((name, value) -> secrets.put(name, Secret.of(value)));
        return secrets;
    }

    private void refused(Path path, String why) {
        boolean serving = live.containsKey(path);
        event(
                "refused",
                Map.of("path", path.toString(), "problem", why, "serving", serving),
                output.colour(Colour.RED, "refused") + "  " + path + ": " + why
                        + (serving ? "\n  the last good version goes on answering" : ""));
    }

    /** A finished run, on a thread that must not block for long: printing to a terminal does not. */
    private void run(String function, String json) {
        JsonNode run = WireJson.parse(json);
        String outcome = run.path("outcome").asText();
        StringBuilder text = new StringBuilder(output.colour(outcome.equals("ok") ? Colour.GREEN : Colour.RED, outcome))
                .append(' ')
                .append(run.path("status").asText())
                .append("  ")
                .append(function)
                .append("  cpu ")
                .append(TailCommand.millis(run.path("cpuMs")))
                .append("  wall ")
                .append(TailCommand.millis(run.path("wallMs")));
        run.path("logs")
                .forEach(line -> text.append("\n    ")
                        .append(line.path("level").asText())
                        .append(": ")
                        .append(line.path("text").asText().replace("\n", "\n    ")));
        event("run", Map.of("run", run), text.toString());
    }

    private void fired(DevSchedules.Due due, OrderResult result) {
        boolean ok = result.outcome().equals("ok");
        event(
                "scheduled",
                Map.of(
                        "function",
                        due.function(),
                        "cron",
                        due.cron(),
                        "outcome",
                        result.outcome(),
                        "reason",
                        result.reason()),
                output.colour(ok ? Colour.GREEN : Colour.RED, "scheduled") + "  " + due.function() + "  " + due.cron()
                        + "  " + result.outcome() + (result.reason().isEmpty() ? "" : ": " + result.reason()));
    }

    private void event(String kind, Map<String, Object> fields, String text) {
        if (output.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", kind);
            line.putAll(fields);
            output.raw(WireJson.text(line));
        } else {
            output.line(text);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LockSupport.unpark(loop);
            probe.close();
            schedules.close();
            node.close();
        }
    }
}
