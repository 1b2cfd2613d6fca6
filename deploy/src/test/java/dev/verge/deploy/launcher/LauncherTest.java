package dev.verge.deploy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.observe.AccessLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/verge} with scripts in the place of JDKs: each says its folder and its arguments. */
class LauncherTest {
    @TempDir
    private Path folder;

    private Path launcher;
    private final Map<String, String> environment = new HashMap<>();

    /** What the launcher said and how it ended. */
    record Said(int exit, String out, String err, long pid) {}

    @BeforeEach
    void layOutADistribution() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("my verge/bin"));
        for (String script : List.of("verge", "find-jdk.sh")) {
            Files.copy(
                    Path.of("src/main/dist/bin").resolve(script),
                    bin.resolve(script),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        launcher = bin.resolve("verge");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("VERGE_JDK_FOLDERS", folder + "/none/*");
    }

    /** @param version as the JDK's release file has it */
    private Path jdk(String path, String version) throws IOException {
        Path home = folder.resolve(path);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path java = Files.writeString(
                home.resolve("bin/java"), "#!/bin/sh\necho \"" + path + " $$\"\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private Said run(Path command, String... arguments) throws Exception {
        List<String> line = new java.util.ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(Path.of("/").toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), out, Files.readString(err), process.pid());
    }

    @Test
    void ownVariableComesFirstThenJavaHomeThenThePathThenTheUsualFolders() throws Exception {
        environment.put(
                "VERGE_JDK_FOLDERS",
                folder + "/none/* " + jdk("usual/jdk-25", "25.0.3").getParent() + "/*");
        assertThat(run(launcher, "version").out()).startsWith("usual/jdk-25 ");

        environment.put("PATH", jdk("path", "26").resolve("bin") + ":/usr/bin:/bin");
        assertThat(run(launcher, "version").out()).startsWith("path ");

        environment.put("JAVA_HOME", jdk("java-home", "25").toString());
        assertThat(run(launcher, "version").out()).startsWith("java-home ");

        environment.put("VERGE_JAVA_HOME", jdk("own", "25.0.1").toString());
        assertThat(run(launcher, "version").out()).startsWith("own ");
    }

    @Test
    void olderOnesArePassedOver() throws Exception {
        environment.put("JAVA_HOME", jdk("old", "17.0.12").toString());
        environment.put("PATH", jdk("older", "1.8.0_392").resolve("bin") + ":/usr/bin:/bin");
        jdk("many/a-21", "21");
        environment.put("VERGE_JDK_FOLDERS", jdk("many/b-25", "25-ea").getParent() + "/*");
        assertThat(run(launcher, "version").out()).startsWith("many/b-25 ");
    }

    @Test
    void javaOnThePathIsFollowedThroughLinks() throws Exception {
        Path real = jdk("real", "25").resolve("bin/java");
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("alternative"), real);
        Files.createSymbolicLink(links.resolve("java"), Path.of("alternative"));
        environment.put("PATH", links + ":/usr/bin:/bin");
        assertThat(run(launcher, "version").out()).startsWith("real ");
    }

    @Test
    void noneFoundIsOneLineThatSaysWhatToInstall() throws Exception {
        environment.put("PATH", jdk("old", "17").resolve("bin") + ":/usr/bin:/bin");
        Said said = run(launcher, "version");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err()).contains("JDK 25").contains("install").contains("VERGE_JAVA_HOME");
    }

    @Test
    void aWrongChoiceIsNotSilentlyReplaced() throws Exception {
        environment.put("VERGE_JAVA_HOME", jdk("old", "17").toString());
        environment.put("JAVA_HOME", jdk("good", "25").toString());
        Said said = run(launcher, "version");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err()).contains("VERGE_JAVA_HOME").contains("old");
    }

    @Test
    void worksThroughLinksAndPassesArgumentsAsTheyAre() throws Exception {
        environment.put("VERGE_JAVA_HOME", jdk("jdk", "25").toString());
        Files.createSymbolicLink(folder.resolve("link"), launcher);
        Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("link"));
        Said said = run(second, "apply", "-f", "a file", "");
        assertThat(said.out()).contains("-Dverge.home=" + folder.resolve("my verge") + "\n");
        assertThat(said.out()).endsWith("dev.verge.deploy.Verge\napply\n-f\na file\n\n");
    }

    @Test
    void theProgramHasTheLaunchersPidSoThatSignalsReachIt() throws Exception {
        environment.put("VERGE_JAVA_HOME", jdk("jdk", "25").toString());
        Said said = run(launcher, "node");
        assertThat(said.out()).startsWith("jdk " + said.pid() + "\n");
    }

    @Test
    void theCollectorIsNamedForEveryKindOfProcess() throws Exception {
        environment.put("VERGE_JAVA_HOME", jdk("jdk", "25").toString());
        for (String command : List.of("node", "control-plane")) {
            assertThat(run(launcher, command).out())
                    .contains("-XX:+UseG1GC\n")
                    .contains("-Xmx")
                    .contains("-XX:MaxInlineLevel=9\n-XX:FreqInlineSize=150\n-XX:InlineSmallCode=1500\n");
        }
        for (String command : List.of("up", "demo-origin", "nodes", "apply")) {
            assertThat(run(launcher, command).out())
                    .contains("-XX:+UseSerialGC\n")
                    .contains("-Xmx");
        }
        assertThat(run(launcher, "node").out())
                .contains("--enable-native-access=ALL-UNNAMED\n")
                .contains("-XX:+ExitOnOutOfMemoryError\n")
                .contains("-Djdk.reflect.useNativeAccessorOnly=true\n")
                .contains("-XX:CompileCommand=dontinline," + AccessLog.class.getName() + "::append\n");
        assertThat(AccessLog.class.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals("append"));
    }

    @Test
    void ownJvmOptionsComeLastSoThatTheyWin() throws Exception {
        environment.put("VERGE_JAVA_HOME", jdk("jdk", "25").toString());
        environment.put("VERGE_JAVA_OPTIONS", "-Xmx2g -Dmine=1");
        List<String> lines = run(launcher, "node").out().lines().toList();
        assertThat(lines.indexOf("-Xmx2g")).isGreaterThan(lines.indexOf("-Xmx512m"));
        assertThat(lines).contains("-Dmine=1");
    }

    @Test
    void aStartUpCacheIsUsedWithItsOwnJdkOnly() throws Exception {
        Path jdk = jdk("jdk", "25.0.3");
        environment.put("VERGE_JAVA_HOME", jdk.toString());
        Path caches = Files.createDirectories(folder.resolve("my verge/lib/aot"));
        Files.writeString(caches.resolve("cli.aot"), "trained");
        Files.copy(jdk.resolve("release"), caches.resolve("jdk-release"));
        assertThat(run(launcher, "version").out()).contains("-XX:AOTCache=" + caches.resolve("cli.aot") + "\n");
        assertThat(run(launcher, "node").out()).doesNotContain("AOTCache");
        Files.writeString(caches.resolve("jdk-release"), "JAVA_VERSION=\"25.0.2\"\n");
        assertThat(run(launcher, "version").out()).doesNotContain("AOTCache");
    }
}
