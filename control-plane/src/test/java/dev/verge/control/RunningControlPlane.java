package dev.verge.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.acme.AcmeSettings;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.function.FunctionCheck;
import dev.verge.control.kv.KvLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.StoreSettings;
import dev.verge.control.usage.UsageRetention;
import dev.verge.sandbox.CheckResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A control plane on a free port with a folder of its own, and calls to it over a socket. */
final class RunningControlPlane implements AutoCloseable {
    private final ControlPlane controlPlane;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String operator;
    private volatile @Nullable Description description;

    private RunningControlPlane(ControlPlane controlPlane, String operator) {
        this.controlPlane = controlPlane;
        this.operator = operator;
    }

    static RunningControlPlane start(Path data) {
        return start(config(data, ApiLimits.defaults(), LogRetention.defaults(), 0), Clock.systemUTC());
    }

    /** Without spare hosts it takes every function for good, as booting a host for each push takes seconds. */
    static RunningControlPlane start(ControlPlaneConfig config, InstantSource clock) {
        boolean tries = config.functions().spareHosts() > 0;
        ControlPlane controlPlane = join(ControlPlane.start(
                config,
                clock,
                tries ? null : (bundle, limits) -> Future.succeededFuture(new CheckResult.Passed(bundle))));
        try {
            return new RunningControlPlane(
                    controlPlane, Files.readString(config.adminTokenPath()).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static RunningControlPlane start(Path data, StoreSettings store) {
        return start(on(store, config(data, ApiLimits.defaults(), LogRetention.defaults(), 0)), Clock.systemUTC());
    }

    static ControlPlaneConfig config(Path data, ApiLimits limits, LogRetention log, int spareHosts) {
        return config(data, limits, log, spareHosts, KvLimits.defaults());
    }

    /** The same with another store. */
    static ControlPlaneConfig on(StoreSettings store, ControlPlaneConfig config) {
        return on(store, config.sync(), config);
    }

    /** The same with another store, and another way to the nodes. */
    static ControlPlaneConfig on(StoreSettings store, SyncSettings sync, ControlPlaneConfig config) {
        return new ControlPlaneConfig(
                config.listen(),
                config.data(),
                store,
                config.adminTokenFile(),
                config.secretKeyFile(),
                config.limits(),
                config.log(),
                config.functions(),
                config.kv(),
                config.usage(),
                config.acme(),
                sync,
                config.tls());
    }

    static ControlPlaneConfig config(Path data, ApiLimits limits, LogRetention log, int spareHosts, KvLimits kv) {
        return new ControlPlaneConfig(
                new ListenAddress("127.0.0.1", 0),
                data.toString(),
                StoreSettings.defaults(),
                null,
                null,
                limits,
                log,
                new FunctionCheck(spareHosts, 2, Duration.ofSeconds(60)),
                kv,
                UsageRetention.defaults(),
                AcmeSettings.OFF,
                SyncSettings.direct(),
                ServerTls.NONE);
    }

    static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Description description() throws IOException, InterruptedException {
        Description known = description;
        if (known == null) {
            HttpRequest asked = HttpRequest.newBuilder(base().resolve("/v1/openapi.json"))
                    .header("Authorization", "Bearer " + operator)
                    .build();
            known = new Description(WireJson.parse(
                    http.send(asked, HttpResponse.BodyHandlers.ofString()).body()));
            description = known;
        }
        return known;
    }

    String operator() {
        return operator;
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + controlPlane.port());
    }

    Call call(String method, String path) {
        return new Call(method, path, operator);
    }

    /** A call without a token. */
    Call anonymous(String method, String path) {
        return new Call(method, path, "");
    }

    /** As the clock does by itself; returns when all that was due has ended. */
    void fireSchedules(Instant now) {
        controlPlane.fireSchedules(now);
    }

    /** A node's token, by the API. */
    String nodeToken(String node) {
        return call("POST", "/v1/node-tokens")
                .json("{\"node\": \"" + node + "\"}")
                .send()
                .expect(201)
                .json()
                .path("token")
                .textValue();
    }

    /** A token of an account, which is made if it is not there. */
    String token(String account, String name, Scope... scopes) {
        call("POST", "/v1/accounts").json("{\"name\": \"" + account + "\"}").send();
        String list = String.join(
                ", ",
                List.of(scopes).stream()
                        .map(scope -> "\"" + scope.word() + "\"")
                        .toList());
        return call("POST", "/v1/tokens")
                .json("{\"name\": \"" + name + "\", \"account\": \"" + account + "\", \"scopes\": [" + list + "]}")
                .send()
                .expect(201)
                .json()
                .path("token")
                .textValue();
    }

    static String site(String name, String host) {
        return "site: " + name + "\nhosts: [" + host
                + "]\npools:\n  app:\n    origins:\n      - {url: \"http://127.0.0.1:9001\"}\n";
    }

    @Override
    public void close() {
        http.close();
        join(controlPlane.close());
    }

    /** A call being put together. */
    final class Call {
        private final HttpRequest.Builder request;
        private final String method;
        private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
        private String sentType = "";
        private String sent = "";

        private Call(String method, String path, String token) {
            this.method = method;
            this.request = HttpRequest.newBuilder(base().resolve(path)).timeout(Duration.ofSeconds(90));
            if (!token.isEmpty()) {
                request.setHeader("Authorization", "Bearer " + token);
            }
        }

        Call as(String token) {
            request.setHeader("Authorization", "Bearer " + token);
            return this;
        }

        Call header(String name, String value) {
            request.setHeader(name, value);
            return this;
        }

        Call body(String type, String text) {
            sentType = type;
            sent = text;
            request.setHeader("Content-Type", type);
            body = HttpRequest.BodyPublishers.ofString(text);
            return this;
        }

        Call bytes(byte[] content) {
            request.setHeader("Content-Type", "application/octet-stream");
            body = HttpRequest.BodyPublishers.ofByteArray(content);
            return this;
        }

        byte[] sendForBytes() {
            try {
                return http.send(request.method(method, body).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body();
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** The lines of an answer that goes on coming. */
        HttpResponse<Stream<String>> lines() {
            try {
                return http.send(request.method(method, body).build(), HttpResponse.BodyHandlers.ofLines());
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        Call json(String text) {
            return body("application/json", text);
        }

        Call yaml(String text) {
            return body("application/yaml", text);
        }

        Answer send() {
            try {
                Answer answer = new Answer(
                        http.send(request.method(method, body).build(), HttpResponse.BodyHandlers.ofString()));
                if (answer.response().uri().getRawPath().startsWith("/v1/")) {
                    description()
                            .check(new Description.Exchange(
                                    method,
                                    answer.response().uri(),
                                    sentType,
                                    sent,
                                    answer.status(),
                                    answer.header("Content-Type"),
                                    answer.text()));
                }
                return answer;
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** An answer. */
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            return WireJson.parse(response.body());
        }

        Answer expect(int status) {
            if (status() != status) {
                throw new AssertionError(response.request().method() + " " + response.uri() + " answered " + status()
                        + ", not " + status + ": " + text());
            }
            return this;
        }
    }
}
