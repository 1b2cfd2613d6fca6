package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PURGE is the control plane's to carry out, with the token of whoever asks. */
class PurgeCallTest {
    private static final String ORDERED = "{\"id\":\"p1\"}";

    private static HttpResponse<String> purge(Installation installation, String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(installation.url(path)).method("PURGE", BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return installation.send(request.build());
    }

    @Test
    void becomesTheControlPlanesPurgeCallAndReachesNoOrigin(@TempDir Path data) {
        Queue<JsonObject> calls = new ConcurrentLinkedQueue<>();
        try (WholeOrigin origin = new WholeOrigin();
                AccessLines log = new AccessLines();
                Installation installation = new Installation(data, "")) {
            installation.onApi(request -> request.body().onSuccess(body -> {
                calls.add(new JsonObject()
                        .put("call", request.method() + " " + request.uri())
                        .put("token", request.getHeader("authorization"))
                        .put("urls", body.toJsonObject().getJsonArray("urls").getList()));
                request.response()
                        .setStatusCode("Bearer good".equals(request.getHeader("authorization")) ? 202 : 401)
                        .putHeader("content-type", "application/json")
                        .end(ORDERED);
            }));
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.port()));

            HttpResponse<String> ordered = purge(installation, "/a/b?c=1", "Authorization", "Bearer good");
            assertThat(ordered.statusCode()).isEqualTo(202);
            assertThat(ordered.body()).isEqualTo(ORDERED);
            assertThat(ordered.headers().firstValue("content-type")).contains("application/json");
            assertThat(ordered.headers().firstValue("cache-control")).contains("no-store");
            assertThat(calls)
                    .containsExactly(new JsonObject()
                            .put("call", "POST /v1/sites/shop/purge?account=default")
                            .put("token", "Bearer good")
                            .put("urls", List.of("http://127.0.0.1/a/b?c=1")));
            assertThat(purge(installation, "/a", "Authorization", "bearer wrong")
                            .statusCode())
                    .isEqualTo(401);

            for (String[] none : new String[][] {
                {},
                {"Authorization", "Basic eDp5"},
                {"Authorization", "Bearer"},
                {"Authorization", "Bearer a b"},
                {"Authorization", "Bearer good", "Authorization", "Bearer good"}
            }) {
                assertThat(purge(installation, "/a", none).statusCode()).isEqualTo(405);
            }
            assertThat(calls).hasSize(2);

            installation.loseControlPlane();
            HttpResponse<String> away = purge(installation, "/last", "Authorization", "Bearer good");
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("retry-after")).isPresent();
            assertThat(origin.begun).hasValue(0);
            assertThat(log.until("/last")).noneMatch(line -> line.contains("good") || line.contains("wrong"));
        }
    }
}
