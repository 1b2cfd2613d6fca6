package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlane;
import dev.verge.control.ControlPlaneConfig;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.log.KvEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code verge kv} against a real control plane. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KvCommandTest {
    private Path folder;
    private Map<String, String> variables = Map.of();
    private ControlPlane controlPlane;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        folder = data;
        controlPlane = ControlPlane.start(Binder.standard()
                        .bindText("""
                                listen: "127.0.0.1:0"
                                data: "%s"
                                functions: {spareHosts: 0}
                                """.formatted(folder.resolve("control")), ControlPlaneConfig.class)
                        .orThrow())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        variables = Map.of(
                "VERGE_API",
                "http://127.0.0.1:" + controlPlane.port(),
                "VERGE_TOKEN",
                Files.readString(folder.resolve("control/admin-token")).strip(),
                "XDG_CONFIG_HOME",
                folder.resolve("config").toString());
    }

    @AfterAll
    void stop() throws Exception {
        controlPlane.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void metadataAndLifetimeStandBesideAValue() {
        assertThat(kv("put", "prefs", "theme", "dark", "--metadata", "{\"by\":\n\"Ünal\"}", "--ttl", "600")
                        .exit())
                .isZero();
        JsonObject got = new JsonObject(kv("get", "prefs", "theme", "--json").out());
        assertThat(got.getString("metadata")).isEqualTo("{\"by\":\"Ünal\"}");
        assertThat(Base64.getDecoder().decode(got.getString("base64")))
                .isEqualTo("dark".getBytes(StandardCharsets.UTF_8));
        assertThat(kv("get", "prefs", "theme").out()).isEqualTo("dark");
        JsonObject listed = new JsonArray(kv("list", "prefs", "--json").out()).getJsonObject(0);
        assertThat(listed.getString("metadata")).isEqualTo("{\"by\":\"Ünal\"}");
        assertThat(kv("list", "prefs").out())
                .contains("EXPIRES", "METADATA", "{\"by\":\"Ünal\"}", listed.getString("expiresAt"));
        Said wrong = kv("put", "prefs", "other", "x", "--metadata", "{by: me}");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("metadata is", "no JSON");
    }

    @Test
    void theLongestValueGoesFromAFileAndBack() throws IOException {
        String longer = new Random(1)
                .ints(KvEntry.MAX_BYTES + 1, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        Files.writeString(folder.resolve("longer"), longer);
        Said refused = kv("put", "assets", "longer", "--file", "longer");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("26214400 bytes");

        String longest = longer.substring(1);
        Files.writeString(folder.resolve("longest"), longest);
        assertThat(kv("put", "assets", "longest", "--file", "longest").exit()).isZero();
        assertThat(kv("get", "assets", "longest").out().equals(longest)).isTrue();
    }

    private Said kv(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "kv";
        System.arraycopy(words, 0, all, 1, words.length);
        return Said.by(variables, folder, "", all);
    }
}
