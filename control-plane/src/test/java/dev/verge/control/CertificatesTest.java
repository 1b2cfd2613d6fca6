package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.TestAuthority.Issued;
import dev.verge.control.resource.Scope;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.LogEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CertificatesTest {
    private final TestAuthority authority = new TestAuthority("Test Authority");

    private Path folder;
    private RunningControlPlane api;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        api = RunningControlPlane.start(folder.resolve("data"));
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private Answer put(String name, String json) {
        return api.call("PUT", "/v1/certificates/" + name).json(json).send();
    }

    private static JsonNode mistake(Answer answer) {
        JsonNode errors = answer.expect(422).json().path("errors");
        assertThat(errors).as(answer.text()).hasSize(1);
        return errors.path(0);
    }

    private void refused(String json, String path, String rule) {
        Answer answer = put("bad", json);
        JsonNode error = mistake(answer);
        assertThat(error.path("path").textValue()).isEqualTo(path);
        assertThat(error.path("rule").textValue()).contains(rule);
        assertThat(error.path("fix").textValue()).isNotEmpty();
        assertThat(answer.text()).doesNotContain("PRIVATE KEY-----M");
    }

    @Test
    void tellsEverythingButTheKey() {
        Issued issued = authority.issue("told.example", "*.told.example");
        JsonNode stored = put("told", issued.json()).expect(201).json();

        assertThat(stored.path("names")).map(JsonNode::textValue).containsExactly("told.example", "*.told.example");
        assertThat(stored.path("issuer").textValue()).isEqualTo("CN=Test Authority");
        assertThat(stored.path("fingerprint").textValue()).matches("[0-9a-f]{64}");
        assertThat(stored.path("keyType").textValue()).isEqualTo("EC 256");
        assertThat(stored.path("notAfter").textValue()).endsWith("Z");
        Answer read = api.call("GET", "/v1/certificates/told").send().expect(200);
        assertThat(read.text()).doesNotContain("PRIVATE").doesNotContain("\"key\"");
        assertThat(api.call("GET", "/v1/certificates").send().expect(200).text())
                .contains("\"told\"")
                .doesNotContain("PRIVATE");
        assertThat(api.call("GET", "/v1/audit").send().text()).doesNotContain("PRIVATE");
        api.call("GET", "/v1/certificates/told")
                .header("If-None-Match", read.header("ETag"))
                .send()
                .expect(304);
    }

    @Test
    void refusesWhatCannotServeNamingTheFieldAndTheFix() {
        Issued good = authority.issue("bad.example");
        Issued other = authority.issue("bad.example");
        TestAuthority stranger = new TestAuthority("Stranger");
        refused(new Issued("nothing", good.key(), "").json(), "chain", "holds no certificate");
        refused(new Issued(good.chain() + good.key(), good.key(), "").json(), "chain", "beside certificates");
        refused(new Issued(good.chain(), "nothing", "").json(), "key", "no private key");
        refused(new Issued(good.chain(), other.key(), "").json(), "key", "not the key of the first certificate");
        refused(
                new Issued(authority.certificate + good.chain(), good.key(), "").json(),
                "chain",
                "has not signed certificate 1");
        refused(
                new Issued(good.chain() + stranger.certificate, good.key(), "").json(),
                "chain",
                "certificate 2 has not signed certificate 1");
        refused(
                authority
                        .issue(TestAuthority.pair("RSA", 1024), Duration.ofDays(9), "bad.example")
                        .json(),
                "chain",
                "RSA 1024");
        refused(
                authority
                        .issue(TestAuthority.pair("EC", 256), Duration.ofDays(-1), "bad.example")
                        .json(),
                "chain",
                "has ended");
        refused(new Issued(good.chain(), encrypted(), "").json(), "key", "is encrypted");
        api.call("GET", "/v1/certificates/bad").send().expect(404);
        put("auto", good.json()).expect(400);
    }

    private static String encrypted() {
        return "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    }

    @Test
    void takesEveryKindOfKeyInEveryForm() {
        for (String kind : List.of("RSA 2048", "EC 384", "Ed25519 0")) {
            String[] parts = kind.split(" ", -1);
            Issued issued = authority.issue(
                    TestAuthority.pair(parts[0], Integer.parseInt(parts[1])), Duration.ofDays(10), "kinds.example");
            Answer stored = put("kinds", issued.json());
            assertThat(stored.status()).as(kind + stored.text()).isIn(200, 201);
            assertThat(stored.json().path("warnings").toString()).contains("ends at");
            if (parts[0].equals("RSA")) {
                Answer again = put("kinds", new Issued(issued.chain(), issued.traditionalKey(), "").json());
                assertThat(again.expect(200).header("Verge-Changed")).as(kind).isEqualTo("false");
            }
        }
    }

    @Test
    void goesToTheNodesOpenAndStaysSealedAtRest() throws IOException {
        Issued issued = authority.issue("sealed.example");
        try (TestNode node = new TestNode(api.base(), api.nodeToken("n1"), folder.resolve("n1"), entry -> false)) {
            put("sealed", issued.json()).expect(201);

            LogEntry entry = node.await("certificate/default/sealed");
            CertificateEntry certificate =
                    (CertificateEntry) Entry.decode(entry.key(), Objects.requireNonNull(entry.value()));
            assertThat(certificate.chain()).isEqualTo(issued.chain());
            assertThat(certificate.privateKey().reveal().replace("\n", ""))
                    .isEqualTo(issued.key().replace("\r", "").replace("\n", ""));
            assertThat(certificate.toString()).doesNotContain("PRIVATE");
        }
        String middle = issued.key().lines().skip(1).findFirst().orElseThrow();
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(middle))
                        .as(file.toString())
                        .isFalse();
            }
        }
    }

    @Test
    void siteNamesOnlyACertificateOfItsAccountThatCoversItsHosts() {
        put("covers", authority.issue("covers.example", "*.covers.example").json())
                .expect(201);
        String text = site("covers", "covers.example, \"*.covers.example\", www.covers.example")
                + "tls: {certificate: covers}\n";
        api.call("PUT", "/v1/sites/covers").yaml(text).send().expect(201);
        assertThat(api.call("GET", "/v1/certificates/covers")
                        .send()
                        .json()
                        .path("sites")
                        .path(0)
                        .textValue())
                .isEqualTo("covers");

        JsonNode deep = mistake(api.call("PUT", "/v1/sites/deep")
                .yaml(site("deep", "a.b.covers.example") + "tls: {certificate: covers}\n")
                .send());
        assertThat(deep.path("path").textValue()).isEqualTo("hosts[0]");
        assertThat(deep.path("rule").textValue()).contains("not for this host, but for covers.example");
        JsonNode none = mistake(api.call("PUT", "/v1/sites/none")
                .yaml(site("none", "none.example") + "tls: {certificate: nowhere}\n")
                .send());
        assertThat(none.path("path").textValue()).isEqualTo("tls.certificate");
        JsonNode origin = mistake(api.call("PUT", "/v1/sites/origin")
                .yaml(
                        "site: origin\nhosts: [o.example]\npools: {app: {origins: [{url: \"https://o:1\", tls: {clientCertificate: nowhere}}]}}\n")
                .send());
        assertThat(origin.path("path").textValue()).isEqualTo("pools.app.origins[0].tls.clientCertificate");

        String stranger = api.token("stranger", "strangers", Scope.ADMIN);
        api.call("GET", "/v1/certificates/covers").as(stranger).send().expect(404);
        assertThat(mistake(api.call("PUT", "/v1/sites/theirs")
                                .as(stranger)
                                .yaml(site("theirs", "theirs.example") + "tls: {certificate: covers}\n")
                                .send())
                        .path("path")
                        .textValue())
                .isEqualTo("tls.certificate");
    }

    @Test
    void replacingKeepsWhatSitesServeAndDeletingNeedsThatNoneNamesIt() {
        Answer first = put("kept", authority.issue("kept.example").json()).expect(201);
        api.call("PUT", "/v1/sites/kept")
                .yaml(site("kept", "kept.example") + "tls: {certificate: kept}\n")
                .send()
                .expect(201);

        JsonNode lost = mistake(put("kept", authority.issue("else.example").json()));
        assertThat(lost.path("rule").textValue()).contains("site kept");
        assertThat(lost.path("value").textValue()).isEqualTo("kept.example");
        Issued renewed = authority.issue("kept.example", "else.example");
        api.call("PUT", "/v1/certificates/kept")
                .header("If-Match", first.header("ETag"))
                .json(renewed.json())
                .send()
                .expect(200);
        api.call("PUT", "/v1/certificates/kept")
                .header("If-Match", first.header("ETag"))
                .json(authority.issue("kept.example").json())
                .send()
                .expect(412);

        Answer held = api.call("DELETE", "/v1/certificates/kept").send().expect(409);
        assertThat(held.json().path("detail").textValue()).contains("kept");
        api.call("PUT", "/v1/sites/kept")
                .yaml(site("kept", "kept.example"))
                .send()
                .expect(200);
        api.call("DELETE", "/v1/certificates/kept").send().expect(204);
        JsonNode rollback = mistake(api.call("POST", "/v1/sites/kept/rollback")
                .json("{\"version\": 1}")
                .send());
        assertThat(rollback.path("path").textValue()).isEqualTo("tls.certificate");
        assertThat(api.call("GET", "/v1/audit").send().text())
                .contains("deleted certificate kept")
                .contains("stored certificate kept");
    }

    @Test
    void changingOneNeedsTheScopeOfSites() {
        String reader = api.token("default", "certificate-reader", Scope.READ);
        String writer = api.token("default", "certificate-writer", Scope.SITES_WRITE);
        String json = authority.issue("scope.example").json();
        api.call("PUT", "/v1/certificates/scope").as(reader).json(json).send().expect(403);
        api.call("PUT", "/v1/certificates/scope").as(writer).json(json).send().expect(201);
        api.call("GET", "/v1/certificates/scope").as(reader).send().expect(200);
        api.call("DELETE", "/v1/certificates/scope").as(reader).send().expect(403);
    }
}
