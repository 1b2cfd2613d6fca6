package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks parts whether they are ready. */
final class Readiness implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(6);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER)
            .build();

    /** The answer to one question: 200 is ready; anything else is told as {@code said}. */
    record Answer(boolean ready, String said) {}

    Answer ask(URI address) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(address).timeout(ANSWER).build(), BodyHandlers.ofString());
            String body = response.body().strip();
            return new Answer(
                    response.statusCode() == 200,
                    response.statusCode() + " " + (body.length() > 200 ? body.substring(0, 200) + "…" : body));
        } catch (IOException e) {
            String message = e.getMessage();
            return new Answer(false, message == null ? e.getClass().getSimpleName() : message);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
