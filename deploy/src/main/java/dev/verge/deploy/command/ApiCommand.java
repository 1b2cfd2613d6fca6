package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import picocli.CommandLine.Option;

/** A command that talks to the control plane. */
abstract class ApiCommand extends LocalCommand {
    @Option(names = "--json", description = "Answers in JSON, for scripts.")
    private boolean json;

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description = "Acts for that account; for an operator's token only.")
    private String account = "";

    @Override
    public final Integer call() throws Exception {
        Credentials credentials = Credentials.find(environment());
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (ApiClient client = credentials.client(vertx, environment(), account.isEmpty() ? null : account)) {
            return run(client, new Output(environment(), json));
        } finally {
            vertx.close();
        }
    }

    /** Does the work and gives the exit code. */
    abstract int run(ApiClient client, Output output) throws Exception;

    /** Waits for an answer; its failure is thrown here. */
    static <T> T await(Future<T> answer) {
        return answer.await();
    }
}
