package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void isMadeWhereMissing() throws StartFailure {
        Path deep = folder.resolve("a/b");
        try (DataFolder data = DataFolder.open(deep, false)) {
            assertThat(data.logs()).isDirectory().hasParent(deep);
        }
    }

    @Test
    void belongsToOneRunAtATime() throws StartFailure {
        try (DataFolder _ = DataFolder.open(folder, false)) {
            assertThatThrownBy(() -> DataFolder.open(folder, false))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining(
                            "another run (pid " + ProcessHandle.current().pid() + ")");
        }
        DataFolder.open(folder, false).close();
    }

    @Test
    void freshEmptiesWhatVergeMadeAndDoesNotFollowLinks(@TempDir Path elsewhere) throws Exception {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "kept");
        DataFolder.open(folder, false).close();
        Files.createDirectories(folder.resolve("node-0/cache"));
        Files.writeString(folder.resolve("node-0/cache/object"), "x");
        Files.writeString(folder.resolve("node-0.yaml"), "x");
        Files.writeString(folder.resolve("admin-token"), "x");
        Files.createSymbolicLink(folder.resolve("control-plane"), elsewhere);
        try (DataFolder data = DataFolder.open(folder, true)) {
            assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("lock") && !path.endsWith("logs"));
            assertThat(data.logs()).isEmptyDirectory();
        }
        assertThat(precious).hasContent("kept");
    }

    @Test
    void freshRefusesAFolderWithAnythingElseInIt() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "years of work");
        Files.createDirectories(folder.resolve("node-0"));
        assertThatThrownBy(() -> DataFolder.open(folder, true))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("thesis.txt");
        assertThat(folder.resolve("thesis.txt")).exists();
        assertThat(folder.resolve("node-0")).exists();
    }

    @Test
    void freshDoesNotEmptyWhatARunUses() throws Exception {
        try (DataFolder data = DataFolder.open(folder, false)) {
            Files.writeString(data.file("admin-token"), "x");
            assertThatThrownBy(() -> DataFolder.open(folder, true)).isInstanceOf(StartFailure.class);
            assertThat(data.file("admin-token")).exists();
        }
    }

    @Test
    void aFileInItsPlaceIsOneClearLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> DataFolder.open(file, false))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is a file");
    }
}
