package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.WhoAmI;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge login}: remembers an address and a token, once both are known to work together. */
@Command(
        name = "login",
        description = {
            "Remembers a control plane's address and a token.",
            "Both are kept in your own config folder, readable to you alone.",
            "The token comes from --token-file, or from standard input; never from the command line, where others see it."
        },
        footer = {"", "Example:", "  verge login http://127.0.0.1:8900 --token-file deploy/data/admin-token"})
final class LoginCommand extends LocalCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8900",
            description = "The control plane (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "File that holds the token.")
    private Path tokenFile = Path.of("");

    @Override
    public Integer call() throws IOException {
        Environment environment = environment();
        URI api = Credentials.address(url);
        Credentials credentials = new Credentials(api, token(environment));
        if (credentials.token().isEmpty()) {
            throw CommandFailure.wrongUsage("no token: name a --token-file, or type it when asked");
        }
        Vertx vertx = Vertx.vertx();
        WhoAmI who;
        try (ApiClient client = credentials.client(vertx, environment, null)) {
            who = client.whoAmI().await();
        } finally {
            vertx.close();
        }
        Path file = credentials.keep(environment);
        environment.out().println("logged in at " + api + " as " + who.name() + ", account " + who.account());
        environment.out().println("kept in " + file);
        return 0;
    }

    private String token(Environment environment) throws IOException {
        if (!tokenFile.toString().isEmpty()) {
            return TextFile.read(environment, tokenFile).strip();
        }
        if (environment.terminal()) {
            char[] typed = Objects.requireNonNull(System.console(), "a terminal has a console")
                    .readPassword("token: ");
            return typed == null ? "" : new String(typed).strip();
        }
        String line = new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8)).readLine();
        return line == null ? "" : line.strip();
    }
}
