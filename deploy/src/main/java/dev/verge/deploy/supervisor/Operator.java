package dev.verge.deploy.supervisor;

import dev.verge.control.client.ApiClient;
import dev.verge.control.client.ApiProblem;
import dev.verge.control.client.ApiUnreachable;
import dev.verge.control.resource.NodeTokenOrder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The supervisor's calls to the control plane, made with the operator's token and waited for. */
final class Operator implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** On a slow machine several function hosts that boot beside each other take more than a minute. */
    private static final Duration ROOM = Duration.ofMinutes(3);

    private static final int NO_ROOM = 503;

    private final Vertx vertx;
    private final ApiClient api;

    private Operator(Vertx vertx, ApiClient api) {
        this.vertx = vertx;
        this.api = api;
    }

    /** @param tokenFile written by the control plane before it is ready for the first time */
    static Operator signIn(UpOptions options, Path tokenFile) throws IOException, StartFailure {
        if (!Files.exists(tokenFile)) {
            throw StartFailure.because("the operator's token file " + tokenFile
                    + " is missing; put the token back there, or begin anew with --fresh");
        }
        String token = Files.readString(tokenFile).strip();
        Vertx vertx = Vertx.vertx();
        URI address = URI.create("http://127.0.0.1:" + options.api());
        return new Operator(vertx, ApiClient.create(vertx, address, token, null));
    }

    String nodeToken(String node) throws StartFailure, InterruptedException {
        return call("a token for " + node, client -> client.createNodeToken(new NodeTokenOrder(node, List.of(), null)))
                .token();
    }

    /**
     * Makes a call and waits for its answer. A control plane that has no room at the moment (503) is asked again for a while: its first
     * function hosts boot just when everything else does.
     *
     * @param what what is wanted, for the message when it is not to be had
     */
    <T> T call(String what, Function<ApiClient, Future<T>> call) throws StartFailure, InterruptedException {
        long end = System.nanoTime() + ROOM.toNanos();
        try {
            while (true) {
                try {
                    return call.apply(api).await(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
                } catch (ApiProblem problem) {
                    if (problem.status() != NO_ROOM || System.nanoTime() - end > 0) {
                        throw problem;
                    }
                    Thread.sleep(AGAIN);
                }
            }
        } catch (ApiProblem | ApiUnreachable failure) {
            throw StartFailure.because("the control plane gives no " + what + ": "
                    + String.valueOf(failure.getMessage()).replace("\n", ";"));
        } catch (TimeoutException e) {
            throw StartFailure.because("the control plane gives no " + what + " within " + ANSWER.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        api.close();
        vertx.close();
    }
}
