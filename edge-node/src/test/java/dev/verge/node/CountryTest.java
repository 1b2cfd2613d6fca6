package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.node.geo.Countries;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where clients are: by the operator's database, in rules, values and expressions of a real node. */
class CountryTest {
    private static final String SITE = """
            site: shop
            hosts: [127.0.0.1]
            pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
            rules:
              - {name: tell, when: {path: "/**"}, do: [{setResponseHeader: {X-Country: "[${country}]"}}]}
              - {name: alps, when: {country: [AT, CH]}, do: [{respond: {status: 200, body: alps}}]}
              - {name: expr, when: {expr: 'request.country == "JP"'}, do: [{respond: {status: 200, body: japan}}]}
              - {name: away, when: {not: {country: [NZ]}}, do: [{respond: {status: 200, body: elsewhere}}]}
            """;

    private static String from(Installation node, String client) {
        HttpResponse<String> answer = node.get("/", "x-forwarded-for", client);
        return answer.body() + " " + answer.headers().firstValue("x-country").orElse("");
    }

    private static String geo(Installation node) {
        return new JsonObject(
                        node.send(HttpRequest.newBuilder(node.admin("/readyz")).build())
                                .body())
                .getString("geo");
    }

    @Test
    void rulesSeeTheCountryOfTheClientAndAFileThatIsReplaced(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("countries.mmdb");
        GeoFile.write(file, Map.of("192.0.2.0/25", "AT", "192.0.2.128/25", "ch", "2001:db8:5::/48", "JP"));
        try (Installation node = new Installation(
                folder.resolve("node"), "trustedProxies: [127.0.0.0/8]\ngeo: {database: \"" + file + "\"}")) {
            node.publish(SITE);
            assertThat(geo(node)).startsWith("built 2025-11-24T");
            assertThat(from(node, "192.0.2.1")).isEqualTo("alps [AT]");
            assertThat(from(node, "192.0.2.200")).isEqualTo("alps [CH]");
            assertThat(from(node, "2001:db8:5::9")).isEqualTo("japan [JP]");
            assertThat(from(node, "198.51.100.1")).isEqualTo("elsewhere []");

            GeoFile.write(file, Map.of("198.51.100.0/24", "AT"));
            Installation.until("the new file", () -> from(node, "198.51.100.1").equals("alps [AT]"));
            assertThat(from(node, "192.0.2.1")).isEqualTo("elsewhere []");
        }
    }

    @Test
    void withoutADatabaseNoCountryIsKnownAndTheNodeSaysSo(@TempDir Path folder) {
        try (Installation node = new Installation(folder, "trustedProxies: [127.0.0.0/8]")) {
            assertThat(geo(node)).isEqualTo("none");
            node.publish(SITE);
            assertThat(from(node, "192.0.2.1")).isEqualTo("elsewhere []");
            assertThat(geo(node)).isEqualTo("none, though rules of 1 sites ask for a country: set geo.database");
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsToldByItsSetting(@TempDir Path folder) throws IOException {
        Path junk = Files.writeString(folder.resolve("junk.mmdb"), "junk");
        Path absent = folder.resolve("absent.mmdb");
        for (Path file : new Path[] {junk, absent}) {
            assertThatThrownBy(() -> Countries.by(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("geo.database")
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("GeoLite2-Country.mmdb");
        }
        // One that breaks later leaves the one before in force.
        GeoFile.write(junk, Map.of("192.0.2.0/24", "AT"));
        Countries countries = Countries.by(junk);
        Files.writeString(junk, "no database");
        countries.look();
        assertThat(countries.of(InetAddress.ofLiteral("192.0.2.7"))).isEqualTo("AT");
        // Whatever stands behind its head, a lookup ends, and knows nothing.
        GeoFile.write(junk, Map.of("192.0.2.0/24", "AT"));
        byte[] whole = Files.readAllBytes(junk);
        for (int at = 0; at < whole.length; at++) {
            byte[] broken = whole.clone();
            broken[at] ^= 0x55;
            Files.write(junk, broken);
            try {
                assertThat(Countries.by(junk).of(InetAddress.ofLiteral("192.0.2.7")))
                        .matches("([A-Z]{2})?");
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("geo.database");
            }
        }
    }
}
