package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.node.config.NodeConfig;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.document.SiteDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for the parts, and what is shipped as a sample, is understood by those who read it. */
class ConfigFilesTest {
    @TempDir
    private Path folder;

    @Test
    void writtenFilesBindAndAreTheOwnersAlone() throws Exception {
        UpOptions options = new UpOptions(folder, 8080, 8443, 8900, 9100, 9001, 2, true, true, false);
        try (DataFolder data = DataFolder.open(folder.resolve("a \"quoted\" folder"), false)) {
            ConfigFiles files = new ConfigFiles(data, options);
            files.writeControlPlane();
            files.writeNode(1, "secret-token");

            ControlPlaneConfig controlPlane = Binder.standard()
                    .bindText(Files.readString(files.controlPlane()), ControlPlaneConfig.class)
                    .orThrow();
            assertThat(controlPlane.listen().toString()).contains("8900");
            NodeConfig node = Binder.standard()
                    .bindText(Files.readString(files.node(1)), NodeConfig.class)
                    .orThrow();
            assertThat(node.node()).isEqualTo("node-1");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.node(1))))
                    .isEqualTo("rw-------");
            assertThat(files.knownToken(1)).contains("secret-token");
            assertThat(files.knownToken(0)).isEmpty();

            files.writeNode(1, "secret-token");
            assertThat(data.path()).isDirectoryNotContaining("glob:**.new");
        }
    }

    @Test
    void samplesAreValid() throws Exception {
        Path samples = Path.of("src/main/dist/conf");
        Binder.standard()
                .bindText(Files.readString(samples.resolve("control-plane.yaml")), ControlPlaneConfig.class)
                .orThrow();
        Binder.standard()
                .bindText(Files.readString(samples.resolve("node.yaml")), NodeConfig.class)
                .orThrow();
        SiteDocument demo =
                SiteDocument.read(Files.readString(Path.of("demo/site.yaml"))).orThrow();
        assertThat(demo.site()).isEqualTo("demo");
    }
}
