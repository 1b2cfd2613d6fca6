package dev.verge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionSourcesTest {
    @TempDir
    private Path folder;

    private FunctionSources read(String path) {
        return FunctionSources.read(
                new Environment(Map.of(), folder, folder, System.in, System.out, System.err, false), Path.of(path));
    }

    @Test
    void aFileIsAFunctionOfItsOwnName() throws Exception {
        Files.writeString(folder.resolve("hello.js"), "export default {}");
        FunctionSources sources = read("hello.js");
        assertThat(sources.name()).isEqualTo("hello");
        assertThat(sources.upload().modules()).containsOnlyKeys("hello.js");
        assertThat(sources.upload().modules().get("hello.js")).asString(UTF_8).isEqualTo("export default {}");
        assertThat(sources.schedules()).isNull();
        assertThat(sources.upload().metadata().path("main").asText()).isEqualTo("hello.js");
    }

    @Test
    void aFolderHasAManifestAndModules() throws Exception {
        Files.createDirectories(folder.resolve("shop/lib"));
        Files.createDirectories(folder.resolve("shop/node_modules/x"));
        Files.createDirectories(folder.resolve("shop/.git"));
        Files.writeString(
                folder.resolve("shop/function.yaml"),
                "name: checkout\nmain: main.js\nlimits: {cpu: 20ms}\nschedules: [\"0 * * * *\"]\n");
        for (String module : new String[] {
            "main.js",
            "lib/time.mjs",
            "lib/sums.wasm",
            "words.json",
            "package.json",
            "node_modules/x/x.js",
            ".git/y.js",
            "README.md"
        }) {
            Files.writeString(folder.resolve("shop").resolve(module), module);
        }
        FunctionSources sources = read("shop");
        assertThat(sources.name()).isEqualTo("checkout");
        assertThat(sources.upload().modules())
                .containsOnlyKeys("main.js", "lib/time.mjs", "lib/sums.wasm", "words.json");
        assertThat(sources.schedules()).containsExactly("0 * * * *");
        assertThat(sources.upload().metadata().has("schedules")).isFalse();
        assertThat(sources.upload().metadata().has("name")).isFalse();
        assertThat(sources.upload().metadata().path("limits").path("cpu").asText())
                .isEqualTo("20ms");
    }

    @Test
    void whatCannotBeReadSaysWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> read(".")).isInstanceOf(CommandFailure.class).hasMessageContaining("function.yaml");
        Files.writeString(folder.resolve("function.yaml"), "main: main.js\n");
        assertThatThrownBy(() -> read(".")).isInstanceOf(CommandFailure.class).hasMessageContaining("no module");
        Files.writeString(folder.resolve("function.yaml"), "[]\n");
        assertThatThrownBy(() -> read(".")).isInstanceOf(CommandFailure.class).hasMessageContaining("no object");
    }
}
