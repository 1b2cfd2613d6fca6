package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node has stored of sites, functions, certificates and keys is what the log says, whatever it is sealed under; and the operator sees that. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class ComparisonTest {
    private static final String DATA = "data:";

    @TempDir
    private Path folder;

    private final StoreSettings store;
    private RunningControlPlane api;

    ComparisonTest(TestStore kind) {
        this.store = kind.fresh();
    }

    @BeforeEach
    void start() {
        SyncSettings often = new SyncSettings(NatsSettings.OFF, StreamSettings.defaults(), Duration.ofSeconds(1));
        api = RunningControlPlane.start(
                RunningControlPlane.on(
                        store,
                        often,
                        RunningControlPlane.config(
                                folder.resolve("control-plane"), ApiLimits.defaults(), LogRetention.defaults(), 0)),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode comparison() {
        return api.call("GET", "/v1/nodes/n1").send().expect(200).json().path("comparison");
    }

    /** The first comparison that is newer, as the stream of all nodes tells it. */
    private JsonNode after(Instant instant) {
        try (Stream<String> lines = api.call("GET", "/v1/fleet").lines().body()) {
            return lines.filter(line -> line.startsWith(DATA))
                    .map(line -> WireJson.parse(line.substring(DATA.length())))
                    .flatMap(told -> told.path("nodes").valueStream())
                    .filter(node -> node.path("node").asText().equals("n1"))
                    .map(node -> node.path("comparison"))
                    .filter(last -> last.isObject()
                            && Instant.parse(last.path("at").asText()).isAfter(instant))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatOwnersMakeIsTheSameAtBothEnds() throws Exception {
        TestAuthority authority = new TestAuthority("Comparing");
        try (TestNode node = new TestNode(
                        api.base(),
                        api.nodeToken("n1"),
                        folder.resolve("n1"),
                        entry -> entry.key().equals("site/default/refused"));
                TestNode other = new TestNode(api.base(), api.nodeToken("n2"), folder.resolve("n2"), entry -> false)) {
            assertThat(comparison().isNull()).as("there was none yet").isTrue();
            api.call("POST", "/v1/node-tokens")
                    .json("{\"node\": \"n3\", \"groups\": [\"lab\"]}")
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/functions/hello")
                    .body("application/javascript", "export default { fetch: () => new Response('hello') }\n")
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/functions/hello/secrets/KEY")
                    .json("{\"value\": \"swordfish\"}")
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/certificates/one")
                    .json(authority.issue("one.example").json())
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/sites/shop")
                    .yaml(site("shop", "shop.example"))
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/sites/elsewhere")
                    .yaml(site("elsewhere", "elsewhere.example") + "placement: {groups: [lab]}\n")
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/sites/refused")
                    .yaml(site("refused", "refused.example"))
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/kv/prefs/colour").bytes(new byte[] {1}).send().expect(201);
            api.call("POST", "/v1/sites/shop/purge")
                    .json("{\"tags\": [\"t\"]}")
                    .send()
                    .expect(202);
            node.await("kv/default/prefs/colour");
            assertThat(after(Instant.now()).path("differing").asInt()).isZero();

            // What was sealed before stays as it was on the node's disk; what comes is sealed under another key.
            api.call("DELETE", "/v1/nodes/n2").send().expect(204);
            other.awaitCut();
            api.call("PUT", "/v1/certificates/two")
                    .json(authority.issue("two.example").json())
                    .send()
                    .expect(201);
            node.await("certificate/default/two");
            JsonNode last = after(Instant.now());
            assertThat(last.path("differing").asInt()).isZero();
            assertThat(api.call("GET", "/v1/nodes").send().expect(200).text()).contains("\"comparison\":{\"at\":");
        }
        assertThat(api.call("GET", "/metrics").send().expect(200).text())
                .contains("verge_sync_comparisons_total{outcome=\"different\"} 0.0")
                .doesNotContain("verge_sync_comparisons_total{outcome=\"same\"} 0.0");
    }
}
