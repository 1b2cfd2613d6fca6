package dev.verge.sync.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the control plane's API for somebody who has shown the node a token of theirs: the token goes on as it came, and the control
 * plane judges it. Thread-safe.
 */
public final class ApiCalls {
    /** Calls at a time: whoever sends more must not make the node's memory, or the control plane's work, grow. */
    private static final int MOST = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final WebClient web;
    private final List<URI> controlPlanes;
    private final ControlPlaneLink link;
    private final AtomicInteger underWay = new AtomicInteger();

    ApiCalls(WebClient web, SyncClientOptions options, ControlPlaneLink link) {
        this.web = web;
        this.controlPlanes = options.controlPlanes();
        this.link = link;
    }

    /**
     * What the control plane said.
     *
     * @param contentType null when it did not say
     */
    public record Answer(int status, @Nullable String contentType, Buffer body) {}

    /**
     * Sends JSON to a path of the API, to the control plane that the node is connected to first.
     *
     * @return fails when none of them answers, or too many calls are under way
     */
    public Future<Answer> post(String path, String token, Buffer json) {
        if (underWay.incrementAndGet() > MOST) {
            underWay.decrementAndGet();
            return Future.failedFuture("more than " + MOST + " calls of the control plane are under way");
        }
        List<URI> order = new ArrayList<>();
        URI connected = link.connectedTo();
        if (connected != null && controlPlanes.contains(connected)) {
            order.add(connected);
        }
        controlPlanes.stream().filter(each -> !each.equals(connected)).forEach(order::add);
        return next(order, 0, path, token, json).onComplete(done -> underWay.decrementAndGet());
    }

    private Future<Answer> next(List<URI> order, int at, String path, String token, Buffer json) {
        if (at == order.size()) {
            return Future.failedFuture("no control plane answers");
        }
        return web.postAbs(order.get(at).resolve(path).toString())
                .timeout(PATIENCE.toMillis())
                .bearerTokenAuthentication(token)
                .putHeader("content-type", "application/json")
                .sendBuffer(json)
                .map(ApiCalls::answer)
                .recover(away -> next(order, at + 1, path, token, json));
    }

    private static Answer answer(HttpResponse<Buffer> response) {
        Buffer body = response.body();
        return new Answer(
                response.statusCode(), response.getHeader("content-type"), body == null ? Buffer.buffer() : body);
    }
}
