package dev.verge.deploy.command;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge health}: asks a process of the platform how it is, for service managers and containers without other tools. */
@Command(
        name = "health",
        description = {
            "Asks a node or control plane whether it is well, and ends with 0 if it says so.",
            "On this machine's own addresses any certificate will do; elsewhere public ones, or those of VERGE_CA_FILE."
        },
        footer = {
            "",
            "Example:",
            "  verge health",
            "  verge health http://127.0.0.1:9100/readyz",
            "  verge health https://127.0.0.1:8900/healthz"
        })
final class HealthCommand extends LocalCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9100/healthz",
            description = "What to ask (default: ${DEFAULT-VALUE}, a node on its usual port).")
    private String url = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "How long to wait for the answer (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    public Integer call() {
        Environment environment = environment();
        URI address = Credentials.address(url);
        WebClientOptions options = Credentials.web(environment).setFollowRedirects(false);
        if (isLoopback(address.getHost())) {
            options.setTrustAll(true).setVerifyHost(false);
        }
        Vertx vertx = Vertx.vertx();
        WebClient web = WebClient.create(vertx, options);
        try {
            HttpResponse<Buffer> answer = web.requestAbs(HttpMethod.GET, address.toString())
                    .timeout(Duration.ofSeconds(Math.max(1, seconds)).toMillis())
                    .send()
                    .await();
            environment.out().println(address + ": " + answer.statusCode());
            return answer.statusCode() / 100 == 2 ? 0 : CommandFailure.FAILED;
        } catch (Exception unreachable) {
            // What the call failed with, checked or not.
            throw CommandFailure.failed(address + " does not answer: " + unreachable.getMessage());
        } finally {
            web.close();
            vertx.close();
        }
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }
}
