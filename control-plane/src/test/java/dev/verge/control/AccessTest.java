package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.Hash;
import dev.verge.control.store.StoreSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class AccessTest {
    private final TestStore kind;

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private StoreSettings store;
    private RunningControlPlane api;

    AccessTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        store = kind.fresh();
        api = start(ApiLimits.defaults());
    }

    private RunningControlPlane start(ApiLimits limits) {
        return RunningControlPlane.start(
                RunningControlPlane.on(store, RunningControlPlane.config(folder, limits, LogRetention.defaults(), 0)),
                now::get);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void anotherKeyDoesNotOpenTheStore(@TempDir Path other) throws IOException {
        RunningControlPlane.start(other).close();
        Path key = other.resolve("secret-key");
        assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
        RunningControlPlane.start(other).close();
        Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]));
        assertThatThrownBy(() -> RunningControlPlane.start(other))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("secret-key");
        Files.writeString(key, "nonsense");
        assertThatThrownBy(() -> RunningControlPlane.start(other)).hasMessageContaining("holds no key");
    }

    @Test
    void theOperatorsTokenIsInAFileOfItsOwnerOnlyAndOnlyItsHashIsStored() throws IOException, SQLException {
        Path file = folder.resolve("admin-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        JsonNode whoAmI = api.call("GET", "/v1/whoami").send().expect(200).json();
        assertThat(whoAmI.path("account").textValue()).isEqualTo("default");
        assertThat(whoAmI.path("scopes").get(0).textValue()).isEqualTo("operator");
        try (var connection = TestStore.connect(store, folder);
                var rows = connection.createStatement().executeQuery("SELECT hash FROM token")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(Hash.of(api.operator()));
        }
        for (String name : kind == TestStore.SQLITE ? List.of("store.sqlite", "store.sqlite-wal") : List.<String>of()) {
            assertThat(Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1))
                    .doesNotContain(api.operator());
        }
    }

    @Test
    void aSecondStartKeepsTheToken() {
        String token = api.operator();
        api.close();
        api = start(ApiLimits.defaults());
        assertThat(api.operator()).isEqualTo(token);
        api.call("GET", "/v1/whoami").send().expect(200);
    }

    @Test
    void withoutAValidTokenNothingIsAnswered() {
        for (String token : List.of("wrong", "vrg_" + "A".repeat(43))) {
            Answer refused = api.call("GET", "/v1/sites").as(token).send().expect(401);
            assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(refused.text()).doesNotContain(token);
        }
        api.call("GET", "/v1/sites")
                .header("Authorization", "Basic " + api.operator())
                .send()
                .expect(401);
    }

    @Test
    void aTokenEndsWhenItExpiresAndAtOnceWhenItIsRevoked() {
        JsonNode made = api.call("POST", "/v1/tokens")
                .json("{\"name\": \"short\", \"scopes\": [\"read\"], \"expiresIn\": \"1h\"}")
                .send()
                .expect(201)
                .json();
        String token = made.path("token").textValue();
        api.call("GET", "/v1/sites").as(token).send().expect(200);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(59)));
        api.call("GET", "/v1/sites").as(token).send().expect(200);
        now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
        api.call("GET", "/v1/sites").as(token).send().expect(401);

        String second = api.token("default", "second", Scope.READ);
        JsonNode list = api.call("GET", "/v1/tokens").send().expect(200).json().path("items");
        assertThat(list.toString()).doesNotContain(second).doesNotContain("short");
        String id = "";
        for (JsonNode item : list) {
            id = item.path("name").textValue().equals("second")
                    ? item.path("id").textValue()
                    : id;
        }
        api.call("DELETE", "/v1/tokens/" + id).send().expect(204);
        api.call("GET", "/v1/sites").as(second).send().expect(401);
        api.call("DELETE", "/v1/tokens/" + id).send().expect(404);
    }

    @Test
    void scopesAreEnforcedOnEveryRoute() {
        Map<Scope, String> tokens = new EnumMap<>(Scope.class);
        for (Scope scope : Scope.values()) {
            tokens.put(
                    scope,
                    api.token(
                            "default",
                            "only-" + scope.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            scope));
        }
        JsonNode paths =
                api.call("GET", "/v1/openapi.json").send().expect(200).json().path("paths");
        int checked = 0;
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String description = operation.getValue().path("description").textValue();
                if (!description.startsWith("Needs the scope ")) {
                    continue;
                }
                Scope needed = Scope.of(description.substring("Needs the scope ".length(), description.length() - 1));
                assertThat(needed).isNotNull();
                for (Scope scope : Scope.values()) {
                    if (needed != null && !scope.covers(needed)) {
                        Answer refused = api.call(
                                        operation.getKey().toUpperCase(Locale.ROOT), fill("/v1" + path.getKey()))
                                .as(tokens.getOrDefault(scope, ""))
                                .send();
                        assertThat(refused.status())
                                .as("%s %s with %s", operation.getKey(), path.getKey(), scope)
                                .isEqualTo(403);
                        checked++;
                    }
                }
            }
        }
        assertThat(checked).isGreaterThan(60);
    }

    /** Every route × a foreign account: what is there looks exactly like what is not, and nothing changes. */
    @Test
    void anAccountSeesNothingOfAnother() {
        api.call("PUT", "/v1/sites/treasure")
                .yaml(site("treasure", "treasure.example"))
                .send()
                .expect(201);
        api.call("PUT", "/v1/certificates/vault")
                .json(new TestAuthority("Treasury")
                        .issue(TestAuthority.pair("EC", 256), Duration.ofDays(3650), "treasure.example")
                        .json())
                .send()
                .expect(201);
        String purge = api.call("POST", "/v1/sites/treasure/purge")
                .json("{\"everything\": true}")
                .send()
                .expect(202)
                .json()
                .path("id")
                .textValue();
        String tokenId =
                api.call("GET", "/v1/whoami").send().json().path("tokenId").textValue();
        String stranger = api.token("acme", "all", Scope.ADMIN);
        Map<String, String> real = new HashMap<>(Map.of(
                "site",
                "treasure",
                "purge",
                purge,
                "id",
                tokenId,
                "version",
                "1",
                "function",
                "hello",
                "node",
                "edge-0",
                "namespace",
                "prefs",
                "key",
                "theme",
                "secret",
                "API_KEY",
                "certificate",
                "vault"));
        real.put("name", "default");
        real.put("number", "1");

        JsonNode paths =
                api.call("GET", "/v1/openapi.json").send().expect(200).json().path("paths");
        List<String> checked = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (String method :
                    path.getValue().propertyStream().map(Map.Entry::getKey).toList()) {
                if (List.of("/traffic", "/origins/live").contains(path.getKey())) {
                    continue; // Their answers go on for an hour; UsageTest and ReportsTest look into them.
                }
                String call = method.toUpperCase(Locale.ROOT);
                String target = "/v1" + path.getKey();
                for (Map.Entry<String, String> name : real.entrySet()) {
                    target = target.replace("{" + name.getKey() + "}", name.getValue());
                }
                Answer foreign = send(call, target, stranger);
                // A namespace is each account's own from the start; KeyValuesTest looks into them.
                boolean own = path.getKey().startsWith("/kv/");
                if (path.getKey().contains("{") && !call.equals("PUT") && !own) {
                    Answer absent = send(call, fill("/v1" + path.getKey()), stranger);
                    assertThat(foreign.status()).as(call + " " + target).isEqualTo(absent.status());
                    assertThat(foreign.status()).as(call + " " + target).isIn(404, 403, 400, 422);
                }
                assertThat(foreign.text()).as(call + " " + target).doesNotContain("treasure.example");
                // Acting for another account is as good as naming one that is not there.
                assertThat(send(call, target + "?account=default", stranger).status())
                        .as(call + " " + target)
                        .isEqualTo(404);
                checked.add(call + " " + path.getKey());
            }
        }
        assertThat(checked).hasSizeGreaterThan(30);
        assertThat(api.call("GET", "/v1/sites/treasure").send().expect(200).text())
                .contains("treasure.example");
        assertThat(api.call("GET", "/v1/audit").as(stranger).send().text()).doesNotContain("treasure");
        // The operator may act for any account that there is.
        api.call("GET", "/v1/sites?account=acme").send().expect(200);
        api.call("GET", "/v1/sites?account=nobody").send().expect(404);
    }

    @Test
    void aTokenMakesOnlyTokensWithinItself() {
        String admin = api.token("acme", "admin", Scope.ADMIN);
        api.call("POST", "/v1/tokens")
                .as(admin)
                .json("{\"name\": \"a\", \"scopes\": [\"operator\"]}")
                .send()
                .expect(403);
        api.call("POST", "/v1/tokens")
                .as(admin)
                .json("{\"name\": \"a\", \"scopes\": [\"read\"], \"account\": \"default\"}")
                .send()
                .expect(404);
        api.call("POST", "/v1/tokens")
                .as(admin)
                .json("{\"name\": \"a\", \"scopes\": [\"read\"], \"expiresIn\": \"91d\"}")
                .send()
                .expect(422);
        api.call("POST", "/v1/tokens")
                .as(admin)
                .json("{\"name\": \"a\", \"scopes\": [\"read\"], \"expiresIn\": \"1d\"}")
                .send()
                .expect(201);
        api.call("POST", "/v1/tokens")
                .as(admin)
                .json("{\"name\": \"a\", \"scopes\": [\"read\"], \"expiresIn\": \"1d\"}")
                .send()
                .expect(409);
        String id = api.call("GET", "/v1/whoami").send().json().path("tokenId").textValue();
        api.call("DELETE", "/v1/tokens/" + id).send().expect(409);
    }

    @Test
    void aTokenThatCallsTooOftenIsToldWhenToComeBack() {
        api.close();
        ApiLimits defaults = ApiLimits.defaults();
        api = start(new ApiLimits(
                defaults.documentBytes(),
                defaults.functionBytes(),
                1,
                3,
                256,
                100,
                defaults.bodyTimeout(),
                defaults.drain()));
        for (int i = 0; i < 3; i++) {
            api.call("GET", "/v1/whoami").send().expect(200);
        }
        Answer refused = api.call("GET", "/v1/whoami").send().expect(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void aSecondRunOnTheSameFolderIsRefusedInOneLine() {
        assertThatThrownBy(() -> RunningControlPlane.start(
                        RunningControlPlane.config(folder, ApiLimits.defaults(), LogRetention.defaults(), 0),
                        Clock.systemUTC()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("in use by another control plane")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aTakenPortIsRefusedInOneLineAndLetsTheFolderGo(@TempDir Path other) {
        ControlPlaneConfig taken =
                ControlPlaneConfig.of(new ListenAddress("127.0.0.1", api.base().getPort()), other);
        assertThatThrownBy(() -> RunningControlPlane.start(taken, Clock.systemUTC()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("127.0.0.1:" + api.base().getPort())
                .hasMessageNotContaining("\n");
        RunningControlPlane.start(other).close();
    }

    private Answer send(String method, String path, String token) {
        RunningControlPlane.Call call = api.call(method, path).as(token);
        return switch (method) {
            case "PUT", "POST" -> call.json("{}").send();
            default -> call.send();
        };
    }

    private static String fill(String path) {
        return path.replaceAll("\\{[a-z]+}", "absent");
    }
}
