package dev.verge.deploy.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScaffoldTest {
    private static final Path TEMPLATES = Path.of("src/main/resources/dev/verge/deploy/scaffold");

    @TempDir
    private Path folder;

    private static Stream<String> below(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @EnumSource(Template.class)
    void everyFileOfATemplateIsWrittenUnderTheFunctionsName(Template template) throws IOException {
        assertThat(Scaffold.write(template, "mine", folder))
                .containsExactlyInAnyOrderElementsOf(Stream.of(
                                below(TEMPLATES.resolve(template.id())),
                                below(TEMPLATES.resolve("common")),
                                Stream.of("verge.d.ts"))
                        .flatMap(files -> files)
                        .toList());
        assertThat(below(folder)).hasSize(template.files("mine").size());
        for (String file : template.files("mine").keySet()) {
            assertThat(folder.resolve(file)).content().doesNotContain("{{name}}");
        }
        assertThat(folder.resolve("function.yaml")).content().startsWith("name: mine\n");
    }

    @Test
    void nothingIsWrittenWhereOneFileIsThere() throws IOException {
        Files.writeString(folder.resolve("main.js"), "mine");
        assertThatThrownBy(() -> Scaffold.write(Template.HELLO, "mine", folder))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("main.js");
        assertThat(below(folder)).containsExactly("main.js");
        assertThat(folder.resolve("main.js")).content().isEqualTo("mine");
    }

    @Test
    void everyTemplateFolderIsATemplate() throws IOException {
        try (Stream<Path> folders = Files.list(TEMPLATES)) {
            assertThat(folders.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("common"),
                                    Stream.of(Template.values()).map(Template::id))
                            .toList());
        }
    }
}
