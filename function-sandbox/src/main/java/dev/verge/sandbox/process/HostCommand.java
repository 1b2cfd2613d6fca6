package dev.verge.sandbox.process;

import dev.verge.sandbox.HostJvm;
import dev.verge.sandbox.HostSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the JVM of a function host is started, by a node and by whoever trains its archive: an archive fits the flags it was made with.
 *
 * @param jvm what it runs on
 * @param flags of the JVM beside those that every host has
 */
record HostCommand(HostJvm jvm, List<String> flags) {
    /** By name: the classes of the host are not for this process. */
    static final String HOST = "dev.verge.sandbox.host.FunctionHost";

    private static final List<String> ALWAYS = List.of(
            "-XX:+UseSerialGC",
            // Small, so that the old generation has room for memoryBytes and what the platform holds itself.
            "-XX:MaxNewSize=32m",
            // What an attack or a rush made it grow to is handed back by the next full collection.
            "-XX:MaxHeapFreeRatio=50",
            "-XX:-ShrinkHeapInSteps",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "-XX:ReservedCodeCacheSize=64m",
            // As for a node: half the work for the JVM's second compiler, and what it makes is as fast.
            "-XX:MaxInlineLevel=9",
            "-XX:FreqInlineSize=150",
            "-XX:InlineSmallCode=1500",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:MaxDirectMemorySize=16m",
            "-XX:+DisableAttachMechanism",
            // A locked host cannot read these from /proc, /sys and /etc, and does not have to.
            "-XX:-UseContainerSupport",
            "-Duser.timezone=UTC",
            "-Duser.language=en",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /**
     * The compiler of scripts is Java, too, and large: the JVM's second compiler spent more on it than it spent itself on scripts, most of
     * that in the first minute of a host, and beside the tenant. It stays with what the first compiler makes of it.
     */
    private static final String DIRECTIVES = """
            [{match: ["jdk/graal/compiler/*.*", "jdk/graal/compiler.*", "jdk/vm/ci/*.*", "org/graalvm/collections/*.*"], c2: {Exclude: true}}]
            """;

    /** What the JVM says when it has read them. */
    static final String DIRECTIVES_READ = "1 compiler directives added";

    /** With heap for functions of that size, in bytes. */
    static HostCommand of(HostJvm jvm, long memoryBytes) {
        return new HostCommand(
                jvm,
                List.of(
                        "-Xms32m",
                        "-Xmx" + (memoryBytes + HostSettings.HOST_OVERHEAD_BYTES),
                        "-XX:ActiveProcessorCount=" + Runtime.getRuntime().availableProcessors()));
    }

    HostCommand withTemporaryFolder(Path folder) {
        return with(
                "-Djava.io.tmpdir=" + folder,
                // The engine unpacks its native library there; in the user's home, if any, other processes would meet
                // it.
                "-Dpolyglot.engine.userResourceCache=" + folder);
    }

    /**
     * Spares the JVM's second compiler the compiler of scripts, where there are both.
     *
     * @param file to be written, which the JVM reads as it starts
     */
    HostCommand withDirectives(Path file) throws IOException {
        if (jvm.brief() || jvm.compiler().isEmpty()) {
            return this;
        }
        Files.writeString(file, DIRECTIVES, StandardCharsets.UTF_8);
        return with("-XX:+UnlockDiagnosticVMOptions", "-XX:CompileCommand=quiet", "-XX:CompilerDirectivesFile=" + file);
    }

    HostCommand with(String... more) {
        return new HostCommand(
                jvm, Stream.concat(flags.stream(), Stream.of(more)).toList());
    }

    /** The whole command. */
    List<String> running(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(jvm.java().toString());
        command.addAll(ALWAYS);
        if (jvm.brief()) {
            // The JVM's second compiler pays off after a minute of work only.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(flags);
        command.addAll(compiler());
        Path archive = jvm.archive();
        if (archive != null) {
            command.addAll(List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off"));
        }
        command.addAll(List.of("-cp", joined(jvm.classPath()), mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> compiler() {
        if (jvm.compiler().isEmpty()) {
            return List.of();
        }
        List<String> all = new ArrayList<>(List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI"));
        if (jvm.upgrade()) {
            all.add("--upgrade-module-path=" + joined(jvm.compiler()));
        } else {
            all.add("--module-path=" + joined(jvm.compiler()));
            all.add("--add-modules=" + HostJvm.COMPILER_MODULE);
            // Else the engine makes itself a class loader, and no archive has classes of such a one.
            all.add("-Dpolyglotimpl.DisableClassPathIsolation=true");
        }
        return all;
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
