package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.resource.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class SitesTest {
    private final TestStore kind;

    @TempDir
    private Path folder;

    private RunningControlPlane api;

    SitesTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        api = RunningControlPlane.start(folder, kind.fresh());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void keepsADocumentByteForByteAndShowsItAsJsonWithItsRevision() {
        String text = "# my shop\n" + site("shop", "shop.example") + "\n\n";
        Answer stored = api.call("PUT", "/v1/sites/shop").yaml(text).send().expect(201);
        assertThat(stored.json().path("revision").longValue()).isEqualTo(1);

        Answer raw = api.call("GET", "/v1/sites/shop")
                .header("Accept", "application/yaml")
                .send()
                .expect(200);
        assertThat(raw.text()).isEqualTo(text);
        assertThat(raw.header("Content-Type")).isEqualTo("application/yaml");

        Answer json = api.call("GET", "/v1/sites/shop").send().expect(200);
        assertThat(json.json().path("site").textValue()).isEqualTo("shop");
        assertThat(json.json().path("revision").longValue()).isEqualTo(1);
        assertThat(json.header("ETag")).isEqualTo(stored.header("ETag")).isEqualTo(raw.header("ETag"));
        assertThat(json.header("X-Request-Id")).isNotEmpty();

        api.call("GET", "/v1/sites/shop")
                .header("If-None-Match", json.header("ETag"))
                .send()
                .expect(304);
    }

    @Test
    void aFieldWithNothingBehindItIsKeptAsWrittenAndLeftOutOfJson() {
        String text = site("shop", "shop.example")
                + "tls:\ndebug: {allow: ~}\nrules: [{name: a, when: , do: [{deny: {}}]}]\n";
        Answer stored = api.call("PUT", "/v1/sites/shop").yaml(text).send().expect(201);
        Answer read = api.call("GET", "/v1/sites/shop").send().expect(200);
        assertThat(read.json().path("rules").path(0).path("name").textValue()).isEqualTo("a");
        assertThat(read.text()).doesNotContain("null").isEqualTo(stored.text());
        assertThat(api.call("GET", "/v1/sites/shop/versions/1")
                        .send()
                        .expect(200)
                        .text())
                .isEqualTo(read.text());
        assertThat(api.call("GET", "/v1/sites/shop")
                        .header("Accept", "application/yaml")
                        .send()
                        .expect(200)
                        .text())
                .isEqualTo(text);
        api.call("PUT", "/v1/sites/shop")
                .json(read.text().replaceFirst(",\"revision\":\\d+", ""))
                .send()
                .expect(200);
    }

    @Test
    void storingTheSameAgainMakesNoVersion() {
        String text = site("shop", "shop.example");
        api.call("PUT", "/v1/sites/shop").yaml(text).send().expect(201);
        Answer again = api.call("PUT", "/v1/sites/shop").yaml(text).send().expect(200);
        assertThat(again.header("Verge-Changed")).isEqualTo("false");
        assertThat(again.header("Verge-Version")).isEqualTo("1");
        assertThat(api.call("GET", "/v1/sites/shop/versions").send().json().path("items"))
                .hasSize(1);
    }

    @Test
    void listsEveryMistakeOfADocumentAtOnce() {
        Answer refused = api.call("PUT", "/v1/sites/shop")
                .yaml(
                        "site: shop\nhosts: [\"not a host\"]\npools:\n  app:\n    method: fastest\n    origins: []\ncolour: blue\n")
                .send()
                .expect(422);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(paths(refused)).contains("hosts[0]", "pools.app.method", "colour");
        assertThat(refused.json().path("requestId").textValue()).isEqualTo(refused.header("X-Request-Id"));
        for (JsonNode error : refused.json().path("errors")) {
            assertThat(error.path("rule").textValue()).isNotEmpty();
            assertThat(error.path("fix").textValue()).isNotEmpty();
        }
        api.call("GET", "/v1/sites/shop").send().expect(404);
    }

    @Test
    void listsWhatDoesNotFitTheRestOfTheAccountAtOnce() {
        Answer refused = api.call("PUT", "/v1/sites/shop")
                .yaml(site("other", "shop.example") + "functions: {hello: {function: nowhere}}\n")
                .send()
                .expect(422);
        assertThat(paths(refused)).containsExactlyInAnyOrder("site", "functions.hello.function");
    }

    @Test
    void aHostThatIsGivenUpIsFreeAndOneThatStaysIsNot() {
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "a.example, b.example"))
                .send()
                .expect(201);
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "b.example, c.example"))
                .send()
                .expect(200);
        api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "c.example, b.example") + "# again\n")
                .send()
                .expect(200);
        api.call("PUT", "/v1/sites/other")
                .yaml(site("other", "a.example"))
                .send()
                .expect(201);
        for (String kept : List.of("b.example", "c.example")) {
            assertThat(api.call("PUT", "/v1/sites/other")
                            .yaml(site("other", "a.example, " + kept))
                            .send()
                            .expect(409)
                            .text())
                    .contains(kept)
                    .doesNotContain("a.example");
        }
    }

    @Test
    void aSyntaxErrorNamesItsLine() {
        Answer refused = api.call("PUT", "/v1/sites/shop")
                .json("{\"site\": \"shop\",\n \"hosts\": [}")
                .send();
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("line 2");
    }

    @Test
    void aStaleConditionChangesNothing() {
        Answer first = api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "a.example"))
                .send()
                .expect(201);
        Answer second = api.call("PUT", "/v1/sites/shop")
                .header("If-Match", first.header("ETag"))
                .yaml(site("shop", "b.example"))
                .send()
                .expect(200);
        assertThat(second.header("ETag")).isNotEqualTo(first.header("ETag"));
        api.call("PUT", "/v1/sites/shop")
                .header("If-Match", first.header("ETag"))
                .yaml(site("shop", "c.example"))
                .send()
                .expect(412);
        api.call("DELETE", "/v1/sites/shop")
                .header("If-Match", first.header("ETag"))
                .send()
                .expect(412);
        api.call("PUT", "/v1/sites/shop")
                .header("If-None-Match", "*")
                .yaml(site("shop", "c.example"))
                .send()
                .expect(412);
        api.call("PUT", "/v1/sites/absent")
                .header("If-Match", "*")
                .yaml(site("absent", "c.example"))
                .send()
                .expect(412);
        assertThat(api.call("GET", "/v1/sites/shop").send().text()).contains("b.example");
    }

    @Test
    void rollsBackToAnEarlierDocumentAsANewVersion() {
        String first = site("shop", "a.example");
        api.call("PUT", "/v1/sites/shop").yaml(first).send().expect(201);
        api.call("PUT", "/v1/sites/shop").yaml(site("shop", "b.example")).send().expect(200);
        Answer back = api.call("POST", "/v1/sites/shop/rollback")
                .json("{\"version\": 1}")
                .send()
                .expect(200);
        assertThat(back.header("Verge-Version")).isEqualTo("3");
        assertThat(api.call("GET", "/v1/sites/shop")
                        .header("Accept", "application/yaml")
                        .send()
                        .text())
                .isEqualTo(first);
        JsonNode versions = api.call("GET", "/v1/sites/shop/versions")
                .send()
                .expect(200)
                .json()
                .path("items");
        assertThat(versions).hasSize(3);
        assertThat(versions.get(0).path("version").intValue()).isEqualTo(3);
        assertThat(versions.get(0).path("live").booleanValue()).isTrue();
        assertThat(versions.get(1).path("live").booleanValue()).isFalse();
        assertThat(api.call("GET", "/v1/sites/shop/versions/2").send().text()).contains("b.example");
        api.call("POST", "/v1/sites/shop/rollback")
                .json("{\"version\": 9}")
                .send()
                .expect(422);
    }

    @Test
    void aDryRunFindsTheSameMistakesAndStoresNothing() {
        Answer fine = api.call("POST", "/v1/sites/shop/validate")
                .yaml(site("shop", "a.example"))
                .send()
                .expect(200);
        assertThat(fine.json().path("changes").booleanValue()).isTrue();
        api.call("POST", "/v1/sites/shop/validate").yaml("site: shop\n").send().expect(422);
        api.call("GET", "/v1/sites/shop").send().expect(404);
    }

    @Test
    void aDryRunAndTheAuditTellWhatIsDifferent() {
        api.call("PUT", "/v1/sites/shop").yaml(site("shop", "a.example")).send().expect(201);
        String text = site("shop", "b.example, c.example") + "# a comment\ndebug: {allow: off}\n";
        JsonNode differences = api.call("POST", "/v1/sites/shop/validate")
                .yaml(text)
                .send()
                .expect(200)
                .json()
                .path("differences");
        assertThat(differences)
                .extracting(each -> each.path("path").asText() + " " + each.path("before") + " " + each.path("after"))
                .containsExactly(
                        "hosts[0] \"\\\"a.example\\\"\" \"\\\"b.example\\\"\"",
                        "hosts[1] null \"\\\"c.example\\\"\"",
                        "debug null \"{\\\"allow\\\":\\\"off\\\"}\"");
        api.call("PUT", "/v1/sites/shop").yaml(text).send().expect(200);
        assertThat(api.call("GET", "/v1/audit")
                        .send()
                        .json()
                        .path("items")
                        .get(0)
                        .path("change")
                        .asText())
                .isEqualTo("stored version 2 of site shop: hosts[0]: \"a.example\" → \"b.example\"; hosts[1]: nothing →"
                        + " \"c.example\"; debug: nothing → {\"allow\":\"off\"}");
    }

    @Test
    void hostsOfDifferentAccountsNeverOverlapAndTheConflictNamesNeither() {
        String acme = api.token("acme", "deploy", Scope.ADMIN);
        api.call("PUT", "/v1/sites/secretname")
                .yaml(site("secretname", "\"*.shop.example\""))
                .send()
                .expect(201);
        for (String host : List.of(
                "\"*.shop.example\"", "a.shop.example", "a.b.shop.example", "\"*.a.shop.example\"", "\"*.example\"")) {
            Answer taken = api.call("PUT", "/v1/sites/mine")
                    .as(acme)
                    .yaml(site("mine", host))
                    .send();
            assertThat(taken.status()).as(host).isEqualTo(409);
            assertThat(taken.text()).doesNotContain("secretname").doesNotContain("default");
        }
        api.call("PUT", "/v1/sites/mine")
                .as(acme)
                .yaml(site("mine", "shop.example"))
                .send()
                .expect(201);
        // Within an account an exact host may stand beside the wildcard that covers it.
        api.call("PUT", "/v1/sites/exact")
                .yaml(site("exact", "a.shop.example"))
                .send()
                .expect(201);
        api.call("PUT", "/v1/sites/same")
                .yaml(site("same", "a.shop.example"))
                .send()
                .expect(409);
        // A deleted site's hosts are free again.
        api.call("DELETE", "/v1/sites/exact").send().expect(204);
        api.call("PUT", "/v1/sites/same")
                .yaml(site("same", "a.shop.example"))
                .send()
                .expect(201);
    }

    @Test
    void loopbackAndAddressHostsAreForTheDefaultAccountOnly() {
        String acme = api.token("acme", "deploy", Scope.ADMIN);
        for (String host : List.of("localhost", "127.0.0.1", "\"::1\"", "demo.localhost")) {
            Answer refused = api.call("PUT", "/v1/sites/mine")
                    .as(acme)
                    .yaml(site("mine", host))
                    .send();
            assertThat(refused.status()).as(host).isEqualTo(422);
            assertThat(paths(refused)).containsExactly("hosts[0]");
        }
        api.call("PUT", "/v1/sites/mine")
                .yaml(site("mine", "localhost, 127.0.0.1"))
                .send()
                .expect(201);
    }

    @Test
    void listsComeInPages() {
        for (int i = 0; i < 5; i++) {
            api.call("PUT", "/v1/sites/s" + i)
                    .yaml(site("s" + i, "s" + i + ".example"))
                    .send()
                    .expect(201);
        }
        JsonNode first = api.call("GET", "/v1/sites?limit=2").send().expect(200).json();
        assertThat(first.path("items")).hasSize(2);
        JsonNode second = api.call(
                        "GET", "/v1/sites?limit=2&cursor=" + first.path("next").textValue())
                .send()
                .json();
        JsonNode third = api.call(
                        "GET", "/v1/sites?limit=2&cursor=" + second.path("next").textValue())
                .send()
                .json();
        assertThat(third.path("items")).hasSize(1);
        assertThat(third.path("items").get(0).path("site").textValue()).isEqualTo("s4");
        assertThat(third.path("next").isNull()).isTrue();
        api.call("GET", "/v1/sites?limit=0").send().expect(400);
        api.call("GET", "/v1/sites?cursor=%25").send().expect(400);
        api.call("GET", "/v1/sites?limmit=2").send().expect(400);
    }

    private static List<String> paths(Answer answer) {
        return StreamSupport.stream(answer.json().path("errors").spliterator(), false)
                .map(error -> error.path("path").textValue())
                .toList();
    }

    @Test
    void aCertificateByAcmeIsRefusedWhereNoAuthorityIsSet() {
        Answer refused = api.call("PUT", "/v1/sites/shop")
                .yaml(site("shop", "shop.example") + "tls: {certificate: auto}\n")
                .send()
                .expect(422);
        assertThat(refused.text()).contains("tls.certificate", "acme.directory", "upload a certificate");
    }
}
