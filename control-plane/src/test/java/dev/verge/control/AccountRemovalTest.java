package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.log.Keys;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class AccountRemovalTest {
    private final TestStore kind;

    @TempDir
    private Path folder;

    private StoreSettings store;
    private RunningControlPlane api;

    AccountRemovalTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        store = kind.fresh();
        api = RunningControlPlane.start(folder, store);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void anAccountThatHoldsSomethingGoesOnlyByForceAndLeavesNothing(@TempDir Path data) throws SQLException {
        String admin = api.token("acme", "all", Scope.ADMIN);
        try (TestNode node = new TestNode(api.base(), api.nodeToken("edge-0"), data, entry -> false)) {
            String cookie = api.anonymous("POST", "/v1/session")
                    .as(admin)
                    .header("Origin", api.base().toString())
                    .json("{}")
                    .send()
                    .header("Set-Cookie")
                    .replaceFirst(";.*", "");
            assertThat(cookie).isNotEmpty();
            api.call("PUT", "/v1/accounts/acme/limits")
                    .json("{\"quotas\": {\"requestsPerSecond\": 5}}")
                    .send()
                    .expect(200);
            api.call("PUT", "/v1/certificates/vault")
                    .as(admin)
                    .json(new TestAuthority("Acme")
                            .issue(TestAuthority.pair("EC", 256), Duration.ofDays(3650), "acme.example")
                            .json())
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/sites/shop")
                    .as(admin)
                    .yaml(site("shop", "acme.example") + "tls: {certificate: vault}\n")
                    .send()
                    .expect(201);
            api.call("POST", "/v1/sites/shop/purge")
                    .as(admin)
                    .header("Idempotency-Key", "one")
                    .json("{\"everything\": true}")
                    .send()
                    .expect(202);
            api.call("PUT", "/v1/kv/prefs/theme")
                    .as(admin)
                    .bytes("dark".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .send();
            node.await(Keys.kv("acme", "prefs", "theme"));

            Answer refused = api.call("DELETE", "/v1/accounts/acme").send().expect(409);
            assertThat(refused.text()).contains("sites (1)", "certificates (1)", "kv keys (1)", "force=true");
            api.call("DELETE", "/v1/accounts/acme?force=maybe").send().expect(400);
            api.call("GET", "/v1/sites/shop").as(admin).send().expect(200);

            Answer done =
                    api.call("DELETE", "/v1/accounts/acme?force=true").send().expect(204);
            assertThat(done.header("Verge-Revision")).isNotEmpty();
            for (String key : List.of(
                    Keys.site("acme", "shop"),
                    Keys.certificate("acme", "vault"),
                    Keys.kv("acme", "prefs", "theme"),
                    Keys.account("acme"))) {
                assertThat(node.await(key).value()).as(key).isNull();
            }
            api.call("GET", "/v1/whoami").as(admin).send().expect(401);
            api.anonymous("GET", "/v1/whoami").header("Cookie", cookie).send().expect(401);
        }
        assertThat(rowsOf("acme")).isEmpty();
        api.call("DELETE", "/v1/accounts/acme").send().expect(404);

        String next = api.token("acme", "all", Scope.ADMIN);
        assertThat(api.call("GET", "/v1/audit").as(next).send().json().path("items"))
                .hasSize(0);
        assertThat(api.call("GET", "/v1/sites").as(next).send().json().path("items"))
                .hasSize(0);
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "acme.example"))
                .send()
                .expect(201);
        assertThat(api.call("GET", "/v1/audit").send().text())
                .contains("deleted account acme with its sites, certificates, kv keys")
                .contains("in account acme: stored version 1 of site shop");
    }

    @Test
    void onlyAnotherAccountsOperatorRemovesAnAccountAndNobodyTheDefaultOne() {
        api.call("DELETE", "/v1/accounts/default?force=true").send().expect(409);
        api.call("DELETE", "/v1/accounts/nobody").send().expect(404);
        String within = api.token("acme", "runs-it", Scope.OPERATOR);
        String admin = api.token("acme", "all", Scope.ADMIN);
        api.call("DELETE", "/v1/accounts/acme").as(admin).send().expect(403);
        api.call("DELETE", "/v1/accounts/acme").as(within).send().expect(409);
        api.call("DELETE", "/v1/accounts/acme?account=default")
                .as(within)
                .send()
                .expect(409);
        api.call("DELETE", "/v1/accounts/acme?account=acme").send().expect(409);
        api.call("DELETE", "/v1/accounts/acme").send().expect(204);
        api.call("GET", "/v1/whoami").as(within).send().expect(401);
    }

    /** What is read from the database itself: a table that is added later and forgotten here is found. */
    private List<String> rowsOf(String account) throws SQLException {
        List<String> left = new ArrayList<>();
        try (Connection connection = TestStore.connect(store, folder)) {
            List<String> tables = new ArrayList<>();
            try (ResultSet columns = connection.getMetaData().getColumns(null, null, null, "account")) {
                while (columns.next()) {
                    tables.add(columns.getString("TABLE_NAME"));
                }
            }
            assertThat(tables).contains("site", "token", "kv", "usage_minute", "schedule_run");
            for (String table : Set.copyOf(tables)) {
                try (var count = connection.prepareStatement("SELECT COUNT(*) FROM " + table + " WHERE account = ?")) {
                    count.setString(1, account);
                    try (ResultSet result = count.executeQuery()) {
                        if (result.next() && result.getInt(1) > 0) {
                            left.add(table);
                        }
                    }
                }
            }
        }
        return left;
    }
}
