package dev.verge.load.kills;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Calls of the API at one of the control planes, again and again until one has acknowledged. */
final class Api {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int TOO_MANY = 429;
    private static final int ACCEPTED = 300;
    private static final int REFUSED = 500;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<URI> controlPlanes;
    private final String token;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    Api(List<URI> controlPlanes, String token) {
        this.controlPlanes = controlPlanes;
        this.token = token;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    /** Calls that broke, or were answered that the store had failed: what came of them was not known. */
    long repeated() {
        return repeated.get();
    }

    /** A change: the acknowledging answer, or null when it was given up before one came. */
    @Nullable
    HttpResponse<String> change(
            String method, String path, String type, String body, String key, BooleanSupplier goOn) {
        while (true) {
            HttpResponse<String> answer = once(method, path, type, body, key);
            if (answer != null && answer.statusCode() < ACCEPTED) {
                acknowledged.incrementAndGet();
                return answer;
            }
            if (answer != null && answer.statusCode() < REFUSED && answer.statusCode() != TOO_MANY) {
                throw new IllegalStateException(method + " " + path + " was refused: " + answer.body());
            }
            if (answer == null || answer.statusCode() != TOO_MANY) {
                repeated.incrementAndGet();
            }
            if (!goOn.getAsBoolean()) {
                return null;
            }
            sleep(PAUSE);
        }
    }

    /** One try, at any of them; null when no answer came. */
    @Nullable
    HttpResponse<String> once(String method, String path, String type, String body, String key) {
        URI to = controlPlanes.get(ThreadLocalRandom.current().nextInt(controlPlanes.size()));
        HttpRequest.Builder request = HttpRequest.newBuilder(to.resolve(path))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        return send(request.build());
    }

    /** A reading call, until it is answered well. */
    HttpResponse<String> get(String path) {
        while (true) {
            HttpResponse<String> answer = once("GET", path, "", "", "");
            if (answer != null && answer.statusCode() < ACCEPTED) {
                return answer;
            }
            sleep(PAUSE);
        }
    }

    /** What a node answers a client; null when nothing came. */
    @Nullable
    HttpResponse<String> visit(int port, String host, String path) {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LONGEST)
                .header("Host", host)
                .build());
    }

    private @Nullable HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
