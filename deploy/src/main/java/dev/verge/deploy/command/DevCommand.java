package dev.verge.deploy.command;

import dev.verge.sync.document.SiteDocument;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge dev}: a function on this machine, as production would run it. */
@Command(
        name = "dev",
        description = {
            "Runs a function on this machine, and its new version each time it is saved.",
            "JavaScript and TypeScript, on a real node with a locked-down function host and the limits of production; key-value namespaces are"
                    + " kept in memory until Ctrl-C. Requests that come before the first load wait for it. Schedules of function.yaml fire"
                    + " in their minutes (UTC), and when asked for: by s and Enter, or POST to the address that is printed. Code that does not start is told with its place, and the last good version goes on answering."
        },
        footer = {
            "",
            "Example:",
            "  verge dev hello",
            "  verge dev gate --origin http://127.0.0.1:9001 --secret TOKEN_KEY=only-for-trying",
            "  verge dev report report/worker --var PARTS=4"
        })
final class DevCommand extends LocalCommand {
    private static final int HIGHEST_PORT = 65_535;

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR|FILE",
            description =
                    "The function that answers (default: this folder); more of them are there for service bindings.")
    private List<Path> paths = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8787",
            description = "Where it answers, on loopback; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--var", paramLabel = "KEY=VALUE", description = "A value in env, above the manifest's vars.")
    private Map<String, String> vars = Map.of();

    @Option(names = "--secret", paramLabel = "KEY=VALUE", description = "A secret in env, for this session.")
    private Map<String, String> secrets = Map.of();

    @Option(
            names = "--kv",
            paramLabel = "NAMESPACE/KEY=VALUE",
            description = "A value of a key-value namespace to begin with.")
    private Map<String, String> kv = Map.of();

    @Option(
            names = "--origin",
            paramLabel = "URL",
            description = "Where a fetch of the function's own site goes: an origin of the site.")
    private @Nullable String origin;

    @Option(
            names = "--json",
            description = "Answers in JSON, one event a line: ready, loaded, reloaded, refused, run, scheduled.")
    private boolean json;

    @Override
    public Integer call() {
        DevSession.Options options = options();
        Environment environment = environment();
        return Foreground.run(
                environment,
                () -> {
                    DevSession session = DevSession.start(environment, options, new Output(environment, json));
                    if (environment.terminal()) {
                        Thread.ofPlatform().daemon().name("keys of verge dev").start(() -> keys(environment, session));
                    }
                    return Future.succeededFuture(session);
                },
                DevCommand::closed);
    }

    /** Lines that are typed: {@code s} fires a schedule, the first one or the one that follows. */
    private static void keys(Environment environment, DevSession session) {
        try (BufferedReader typed =
                new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8))) {
            for (String line = typed.readLine(); line != null; line = typed.readLine()) {
                String[] words = line.strip().split("\\s+", 2);
                if (words[0].equals("s")) {
                    DevSchedules.Due next = session.schedules().next();
                    String cron = words.length > 1 ? words[1] : next.cron();
                    session.schedules().fire(new DevSchedules.Due(next.function(), cron), Instant.now());
                } else if (!words[0].isEmpty()) {
                    environment
                            .err()
                            .println(
                                    "s fires the schedule of the function, s */5 * * * * the one that is written; Ctrl-C ends");
                }
            }
        } catch (IOException gone) {
            // Nobody types any more.
        }
    }

    private static Future<Void> closed(DevSession session) {
        Promise<Void> closed = Promise.promise();
        Thread.ofPlatform().name("end of verge dev").start(() -> {
            try {
                session.close();
                closed.complete();
            } catch (RuntimeException failure) {
                closed.fail(failure);
            }
        });
        return closed.future();
    }

    private DevSession.Options options() {
        if (port < 0 || port > HIGHEST_PORT) {
            throw CommandFailure.wrongUsage("--port: " + port + " is not from 0 to " + HIGHEST_PORT);
        }
        for (String place : kv.keySet()) {
            int slash = place.indexOf('/');
            if (slash < 1
                    || slash == place.length() - 1
                    || !place.substring(0, slash).matches(SiteDocument.NAME)) {
                throw CommandFailure.wrongUsage("--kv: " + place + " is not NAMESPACE/KEY; such as prefs/theme=dark");
            }
        }
        if (origin != null && !isOrigin(origin)) {
            throw CommandFailure.wrongUsage(
                    "--origin: " + origin + " is no http or https URL without a path; such as http://127.0.0.1:9001");
        }
        return new DevSession.Options(paths.isEmpty() ? List.of(Path.of(".")) : paths, vars, secrets, kv, origin, port);
    }

    private static boolean isOrigin(String text) {
        try {
            URI url = URI.create(text);
            boolean bare = url.getRawPath().isEmpty() && url.getRawQuery() == null && url.getRawUserInfo() == null;
            return List.of("http", "https").contains(url.getScheme()) && url.getHost() != null && bare;
        } catch (IllegalArgumentException | NullPointerException wrong) {
            return false;
        }
    }
}
