package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a platform until it is told to stop. {@link #run} is one thread that takes what happened off a queue; {@link #stop} comes
 * from the JVM's shutdown hook.
 */
public final class Supervisor {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration FUNCTIONS = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(25);

    private sealed interface Event {
        record Died(Part.Ended end) implements Event {}

        record Again(Part part) implements Event {}

        record Renew() implements Event {}

        record Stop() implements Event {}
    }

    private final UpOptions options;
    private final Path home;
    private final Console console;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Part> parts = new ArrayList<>();
    private boolean stopping;

    /** @param home the distribution's folder */
    public Supervisor(UpOptions options, Path home, Console console) {
        this.options = options;
        this.home = home;
        this.console = console;
    }

    /**
     * Starts everything and watches it until it is stopped.
     *
     * @throws StartFailure when a part cannot start; whatever did start has been stopped
     */
    public void run() throws StartFailure, InterruptedException {
        PortPlan ports = PortPlan.of(options);
        try (DataFolder data = DataFolder.open(options.data(), options.fresh());
                Readiness readiness = new Readiness()) {
            ports.requireFree();
            try {
                startAll(data, readiness);
                console.line("ready");
                watch();
            } catch (IOException e) {
                throw StartFailure.because("cannot start in " + data.path() + ": " + e.getMessage());
            } finally {
                stopAll();
            }
        }
    }

    /** Ends {@link #run} and waits until every part has stopped: the nodes first, then the control plane, then the origins. */
    public void stop() throws InterruptedException {
        events.add(new Event.Stop());
        stopAll();
    }

    /**
     * Begins to replace the process of each node by a new one, one node after the other, without losing a request. Only once all is
     * ready; a node that does not run is left to its restart. Any thread.
     */
    public void renew() {
        events.add(new Event.Renew());
    }

    private void renewNodes() throws InterruptedException {
        List<Part> nodes;
        synchronized (this) {
            nodes = parts.stream()
                    .filter(part -> part.spec().name().startsWith("node-") && part.alive())
                    .toList();
        }
        for (Part node : nodes) {
            try {
                succeed(node);
            } catch (IOException e) {
                console.line(node.spec().name() + " cannot be renewed: " + e.getMessage());
                return;
            }
            while (node.handsOver() && !isStopping()) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
        }
        console.line("renewed");
    }

    private synchronized void succeed(Part node) throws IOException {
        if (!stopping) {
            node.succeed(end -> events.add(new Event.Died(end)));
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private void startAll(DataFolder data, Readiness readiness) throws IOException, StartFailure, InterruptedException {
        long start = System.nanoTime();
        PartCatalogue catalogue = new PartCatalogue(options, home, data);
        ConfigFiles files = catalogue.files();
        console.line("data in " + data.path());
        files.writeControlPlane();
        Part controlPlane = launch(catalogue.controlPlane(), data);
        List<Part> waited = new ArrayList<>();
        for (int origin = 0; options.demo() && origin < UpOptions.DEMO_ORIGINS; origin++) {
            waited.add(launch(catalogue.origin(origin), data));
        }
        // A node that was here before has its keys, and starts beside the control plane.
        List<Integer> newcomers = new ArrayList<>();
        for (int node = 0; node < options.nodes(); node++) {
            @Nullable
            String token = files.enrolled(node) ? files.knownToken(node).orElse(null) : null;
            if (token == null) {
                newcomers.add(node);
            } else {
                files.writeNode(node, token);
                waited.add(launch(catalogue.node(node), data));
            }
        }
        awaitReady(controlPlane, readiness, start);
        try (Operator operator = Operator.signIn(options, files.adminToken())) {
            for (int node : newcomers) {
                files.writeNode(node, operator.nodeToken("node-" + node));
                waited.add(launch(catalogue.node(node), data));
            }
            DemoPublisher.@Nullable Published published = options.demo()
                    ? new DemoPublisher(operator, home.resolve("demo"), data.file("demo-published.json"), options)
                            .publish(console)
                    : null;
            for (Part part : waited) {
                awaitReady(part, readiness, start);
            }
            if (published != null) {
                published.awaitLive();
                awaitFunctions(readiness);
            }
        }
        Greeting.print(console, options, files.adminToken(), home, Duration.ofNanos(System.nanoTime() - start));
    }

    private Part launch(PartSpec spec, DataFolder data) throws IOException {
        PartLog log = new PartLog(data.logs().resolve(spec.name() + ".log"), PartCatalogue.LOG_BYTES);
        Part part = new Part(
                spec,
                Map.of("VERGE_SUPERVISED", "1", "VERGE_JAVA_HOME", System.getProperty("java.home")),
                log,
                new LogDigest(spec.name(), console, System::nanoTime),
                console);
        begin(part);
        return part;
    }

    /** Starts a part, unless everything is being stopped: what is started now would be missed. */
    private synchronized void begin(Part part) throws IOException {
        if (!stopping) {
            if (!parts.contains(part)) {
                parts.add(part);
            }
            part.start(end -> events.add(new Event.Died(end)));
        }
    }

    private void awaitReady(Part part, Readiness readiness, long start) throws StartFailure, InterruptedException {
        while (true) {
            Readiness.Answer answer = readiness.ask(part.spec().ready());
            if (answer.ready()) {
                return;
            }
            if (System.nanoTime() - start > START.toNanos()) {
                throw StartFailure.because(part.spec().name() + " is not ready after " + START.toSeconds() + " s: "
                        + part.spec().ready() + " says " + answer.said() + "; its log is "
                        + part.log().file());
            }
            switch (events.poll(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                case null -> {}
                case Event.Died(Part.Ended end) ->
                    throw StartFailure.because(end.part().spec().name() + " cannot start: " + end.reason()
                            + "; its log is " + end.part().log().file());
                case Event.Renew _ -> console.line("not renewed: the start is still under way");
                case Event.Again _ -> throw new IllegalStateException("nothing is restarted before all is ready");
                case Event.Stop _ -> throw new InterruptedException("stopped while starting");
            }
        }
    }

    /**
     * Waits until each node has a process for the demo's function, so that the first visitor does not wait for it. Somebody may
     * have changed the function to anything since, so only the node's own "not yet" counts as one.
     */
    private void awaitFunctions(Readiness readiness) throws InterruptedException {
        long end = System.nanoTime() + FUNCTIONS.toNanos();
        for (int node = 0; node < options.nodes(); node++) {
            URI function = URI.create("http://localhost:" + options.http(node) + "/hello");
            while (readiness.ask(function).said().startsWith("503") && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
        }
    }

    private void watch() throws InterruptedException, StartFailure {
        while (true) {
            switch (events.take()) {
                case Event.Died(Part.Ended end) -> {
                    String line = end.part().spec().name() + " pid " + end.pid() + " ended: " + end.reason();
                    if (!options.restart()) {
                        console.line(line + "; not restarted (--no-restart)");
                        if (parts.stream().noneMatch(Part::alive)) {
                            throw StartFailure.because("nothing is left running");
                        }
                        continue;
                    }
                    restartLater(line, end);
                }
                case Event.Again(Part part) -> {
                    try {
                        begin(part);
                    } catch (IOException e) {
                        console.line(part.spec().name() + " cannot be started again: " + e.getMessage());
                        again(part, part.pause().after(Duration.ZERO));
                    }
                }
                case Event.Renew _ -> renewNodes();
                case Event.Stop _ -> {
                    return;
                }
            }
        }
    }

    private void restartLater(String line, Part.Ended end) {
        Duration pause = end.part().pause().after(end.lived());
        console.line(line + "; restarting in " + pause.toMillis() / 1000.0 + " s");
        again(end.part(), pause);
    }

    private void again(Part part, Duration pause) {
        Thread.ofPlatform().daemon().name("restart of " + part.spec().name()).start(() -> {
            try {
                Thread.sleep(pause);
                events.add(new Event.Again(part));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void stopAll() throws InterruptedException {
        List<Part> running;
        synchronized (this) {
            stopping = true;
            running = List.copyOf(parts);
        }
        for (String kind : List.of("node-", "control-plane", "origin-")) {
            List<Part> group = running.stream()
                    .filter(part -> part.spec().name().startsWith(kind))
                    .toList();
            group.forEach(Part::askToEnd);
            for (Part part : group) {
                part.awaitEnd();
            }
        }
    }
}
