package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function of two modules with a variable, a secret, a namespace and another function in its env; its answer names all of them. */
final class BoundFunction {
    static final String NAME = "bound";

    private static final Pattern VERSION = Pattern.compile("version (\\d+) pushed");

    private final Platform platform;
    private final Path work;

    BoundFunction(Platform platform, Path work) {
        this.platform = platform;
        this.work = work;
    }

    /** Pushes the function that is called, then the one that calls it. */
    void push() throws IOException {
        Path greeter = work.resolve("greeter.js");
        Files.writeString(greeter, """
                export default {
                  async fetch(request) {
                    return new Response("greetings " + new URL(request.url).pathname);
                  },
                };
                """);
        done("deploy", greeter.toString());
        done("deploy", folder("blue").toString());
    }

    /** Pushes it with another variable and gives that version no traffic. */
    int pushQuietly(String colour) throws IOException {
        Platform.Said said = done("deploy", folder(colour).toString(), "--percent", "0");
        Matcher version = VERSION.matcher(said.out());
        assertThat(version.find()).as(said.out()).isTrue();
        return Integer.parseInt(version.group(1));
    }

    void secret(String value) throws IOException {
        Path file = work.resolve("secret.txt");
        Files.writeString(file, value + "\n");
        done("secret", "put", NAME, "API_KEY", "--file", file.toString());
    }

    void kv(String value) throws IOException {
        done("kv", "put", "prefs", "theme", value);
    }

    /** Adds it to the demo site. */
    void serve(String site) throws IOException {
        Path document = work.resolve("site.yaml");
        String bound = site.replaceFirst("(?m)^functions:\\s*$", "functions:\n  bound: {function: bound}")
                .replaceFirst(
                        "(?m)^rules:\\s*$", "rules:\n  - {name: bound, when: {path: /bound}, do: [{run: bound}]}\n");
        assertThat(bound).isNotEqualTo(site);
        Files.writeString(document, bound);
        done("apply", "-f", document.toString());
    }

    /** On both nodes, soon. */
    void awaitAnswer(String answer) {
        for (int node = 0; node < 2; node++) {
            int number = node;
            Await.until(
                    "node " + node + " answers: " + answer,
                    Duration.ofSeconds(20),
                    () -> platform.get(platform.edge(number, "/bound")).body().equals(answer));
        }
    }

    /** Watches while requests are made; what the watcher has printed when it has seen one run. */
    String tailOfOneRun() throws IOException {
        AtomicReference<String> printed = new AtomicReference<>("");
        Thread watcher = Thread.ofVirtual().start(() -> {
            try {
                printed.set(done("tail", NAME, "--runs", "1", "--json").out());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Await.until("a run was seen", Duration.ofSeconds(30), () -> {
            platform.get(platform.edge(0, "/bound"));
            return !watcher.isAlive();
        });
        return printed.get();
    }

    private Path folder(String colour) throws IOException {
        Path folder = Files.createDirectories(work.resolve(colour).resolve(NAME));
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(folder.resolve("function.yaml"), """
                name: bound
                main: main.js
                vars: {COLOUR: %s}
                kv: {PREFS: prefs}
                services: {GREETER: greeter}
                schedules: ["30 4 * * *"]
                """.formatted(colour));
        Files.writeString(folder.resolve("main.js"), """
                import { answer } from "./lib/answer.js";
                export default {
                  async fetch(request, env) {
                    return new Response(await answer(env));
                  },
                  async scheduled(event, env, ctx) {
                    await env.PREFS.put("fired", event.cron);
                  },
                };
                """);
        Files.writeString(folder.resolve("lib/answer.js"), """
                export async function answer(env) {
                  const greeting = await (await env.GREETER.fetch("https://greeter.invalid/there")).text();
                  return [env.COLOUR, env.API_KEY, await env.PREFS.get("theme"), greeting].join(" ");
                }
                """);
        return folder;
    }

    private Platform.Said done(String... arguments) throws IOException {
        Platform.Said said = platform.verge(arguments);
        assertThat(said.exit()).as(said.toString()).isZero();
        return said;
    }
}
