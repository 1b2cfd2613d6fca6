package dev.verge.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the Debian package is made by and of, as far as it can be told without making one. */
class PackageFilesTest {
    private static final Path DEBIAN = Path.of("debian");

    static Stream<Path> scripts() throws IOException {
        try (Stream<Path> walk = Stream.of("debian", "docker", "up", "src/build", "src/main/dist/bin")
                .flatMap(PackageFilesTest::files)) {
            return walk.filter(PackageFilesTest::isScript).sorted().toList().stream();
        }
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> walk = Files.walk(Path.of(folder))) {
            return walk.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isScript(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("").startsWith("#!/bin/sh");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyScriptCanBeRead(Path script) throws Exception {
        Process check = new ProcessBuilder("sh", "-n", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        // What goes wrong in the middle must not look like success.
        assertThat(Files.readString(script)).containsPattern("(?m)^set -[eu]");
    }

    @Test
    void maintainerScriptsKnowTheUnitsAndFoldersThatThereAre() throws IOException {
        String installs = Files.readString(DEBIAN.resolve("postinst"));
        for (Path unit : SystemdUnitTest.units()) {
            String text = Files.readString(unit);
            String kind = String.valueOf(unit.getFileName()).replace("@.service", "");
            assertThat(installs).contains("replace " + kind);
            assertThat(Files.readString(DEBIAN.resolve("prerm"))).contains(kind);
            // The place that a version is put in, the user and the folder are the unit's.
            assertThat(text).contains("/opt/verge/%i/").contains("User=verge").contains("StateDirectory=verge");
        }
        assertThat(installs).contains("place=/opt/verge/$version").contains("adduser --system --group");
        String builds = Files.readString(DEBIAN.resolve("build.sh"));
        assertThat(builds).contains("src/build/runtime.sh").contains("\"$distribution\"/conf/*.yaml");
        for (String field : List.of("Package: verge", "Architecture: amd64", "Depends: adduser", "Description: ")) {
            assertThat(Files.readString(DEBIAN.resolve("control"))).contains(field);
        }
    }

    @Test
    void kernelSettingsAreOnesThatThereAre() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/main/dist/sysctl/60-verge.conf")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        String guide = Files.readString(Path.of("docs/tuning.md"));
        assertThat(lines).hasSizeGreaterThan(5).allMatch(line -> line.matches("[a-z0-9_.]+ = [0-9 ]+"));
        for (String line : lines) {
            String name = line.substring(0, line.indexOf(' '));
            assertThat(guide).as("the guide tells what it is for").contains(name.substring(name.lastIndexOf('.') + 1));
            Path group = Path.of(
                    "/proc/sys", name.substring(0, name.lastIndexOf('.')).replace('.', '/'));
            // Some are hidden in containers; where one of its group is shown, it is, too.
            if (Files.isDirectory(group) && !name.startsWith("net.core")) {
                assertThat(group.resolve(name.substring(name.lastIndexOf('.') + 1)))
                        .exists();
            }
        }
    }
}
