package dev.verge.deploy.command;

import dev.verge.deploy.demo.DemoOrigin;
import io.vertx.core.Vertx;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge demo-origin}: what {@code up} starts two of. */
@Command(
        name = "demo-origin",
        hidden = true,
        description = "Runs one demo origin on loopback.",
        footer = {
            "",
            "Example:",
            "  verge demo-origin --port 9001",
            "  curl -X POST http://127.0.0.1:9001/_control -d '{\"healthy\": false, \"failWith\": 503}'"
        })
final class DemoOriginCommand extends LocalCommand {
    @Option(
            names = "--port",
            required = true,
            paramLabel = "PORT",
            description = "Where to listen; 0 takes a free port.")
    private int port;

    @Option(names = "--name", paramLabel = "NAME", description = "What X-Demo-Origin says (default: origin-PORT).")
    private String name = "";

    @Override
    public Integer call() {
        Environment environment = environment();
        Vertx vertx = Vertx.vertx();
        String known = name.isEmpty() ? "origin-" + port : name;
        return Foreground.run(
                environment,
                () -> DemoOrigin.start(vertx, known, port)
                        .onSuccess(server -> environment
                                .out()
                                .println(known + " listens on http://127.0.0.1:" + server.actualPort()))
                        .recover(failure -> io.vertx.core.Future.failedFuture(
                                CommandFailure.failed("port " + port + " is not to be had: " + failure.getMessage()))),
                server -> vertx.close());
    }
}
