package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.HostJvm;
import dev.verge.sandbox.HostJvm.Prepared;
import dev.verge.sandbox.HostSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prepares what hosts start quickly on: links a runtime without the compiler's stub and trains an archive of loaded and linked classes
 * for it. A step of the build. Hosts start without it, too, only slower; so what goes wrong here is told and is no failure.
 */
public final class HostPreparation {
    /** What hosts need of a JDK: the tables of encodings, measures of threads, the compiler's door. */
    private static final String MODULES =
            "java.base,java.logging,java.management,jdk.charsets,jdk.internal.vm.ci,jdk.management,jdk.unsupported";

    private static final long LONGEST_STEP_SECONDS = 120;

    private final HostJvm plain;
    private final Prepared prepared;
    private final Path workFolder;

    private HostPreparation(HostJvm plain, Prepared prepared) {
        this.plain = plain;
        this.prepared = prepared;
        this.workFolder = prepared.folder().resolve("work");
    }

    /** Something that hosts can do without was not to be had. */
    private static final class Unprepared extends Exception {
        private static final long serialVersionUID = 1;

        Unprepared(String message) {
            super(message);
        }
    }

    /**
     * Arguments: the folder with the jars of hosts and the folder with those of the compiler, of a distribution; none for the class path
     * of this process.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        HostJvm jvm = (arguments.length == 2
                        ? HostSettings.fromDirectories(java, Path.of(arguments[0]), Path.of(arguments[1]))
                        : HostSettings.fromClassPath())
                .jvm();
        Prepared prepared = Prepared.beside(
                arguments.length == 2
                        ? Path.of(arguments[0]).toAbsolutePath()
                        : jvm.classPath().getLast());
        List<Path> classPath = new ArrayList<>(jvm.classPath());
        classPath.remove(prepared.trainer());
        HostPreparation preparation = new HostPreparation(jvm.bare(java, classPath), prepared);
        List<String> madeOf = preparation.ingredients();
        if (Files.exists(prepared.madeOf())
                && Files.readAllLines(prepared.madeOf()).equals(madeOf)) {
            return;
        }
        delete(prepared.folder());
        try {
            Files.createDirectories(preparation.workFolder);
            preparation.prepare();
            delete(preparation.workFolder);
            Files.write(prepared.madeOf(), madeOf);
        } catch (Unprepared | IOException e) {
            System.err.println("function hosts are not prepared to start quickly: " + e.getMessage());
            delete(prepared.folder());
        }
    }

    private List<String> ingredients() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(Prepared.thisJdk());
        lines.addAll(HostCommand.of(plain, FunctionLimits.DEFAULT.memoryBytes()).running(HostCommand.HOST));
        for (Path file : Stream.concat(plain.classPath().stream(), plain.compiler().stream())
                .toList()) {
            if (Files.isRegularFile(file)) {
                lines.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return lines;
    }

    private void prepare() throws Unprepared, IOException, InterruptedException {
        if (plain.compiler().isEmpty()) {
            throw new Unprepared("there is no compiler for scripts");
        }
        Path java = plain.java();
        if (ModuleFinder.ofSystem().find(HostJvm.COMPILER_MODULE).isPresent()) {
            link();
            java = prepared.runtime().resolve("bin/java");
        }
        List<Path> classPath = new ArrayList<>(plain.classPath());
        List<String> training = List.of("dev.verge.sandbox.host.HostTraining");
        Path own = classPath.getLast();
        if (Files.isDirectory(own)) {
            packTrainer();
            classPath.set(classPath.size() - 1, prepared.trainer());
            training = List.of(TrainingLoader.class.getName(), own.toString(), training.getFirst());
        }
        HostCommand command = HostCommand.of(plain.bare(java, classPath), FunctionLimits.DEFAULT.memoryBytes())
                .withTemporaryFolder(workFolder)
                .with("-Xlog:aot=error", "-Xlog:cds=error");
        String main = training.getFirst();
        String[] rest = training.subList(1, training.size()).toArray(String[]::new);
        String record = "-XX:AOTConfiguration=" + workFolder.resolve("record");
        run("training", command.with("-XX:AOTMode=record", record).running(main, rest));
        run(
                "archiving",
                command.with("-XX:AOTMode=create", record, "-XX:AOTCache=" + prepared.archive())
                        .running(main, rest));
    }

    private void link() throws Unprepared {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new Unprepared("this JDK has no jlink to link a runtime with"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = jlink.run(
                out,
                out,
                "--add-modules",
                MODULES,
                "--output",
                prepared.runtime().toString(),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages");
        if (code != 0) {
            throw new Unprepared("jlink ended with " + code + ": " + said);
        }
    }

    private void packTrainer() throws IOException {
        String name = TrainingLoader.class.getName().replace('.', '/') + ".class";
        try (@Nullable InputStream in = TrainingLoader.class.getClassLoader().getResourceAsStream(name);
                OutputStream file = Files.newOutputStream(prepared.trainer());
                JarOutputStream jar = new JarOutputStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The class path lacks " + name);
            }
            jar.putNextEntry(new JarEntry(name));
            in.transferTo(jar);
            jar.closeEntry();
        }
    }

    private void run(String step, List<String> command) throws Unprepared, IOException, InterruptedException {
        Path log = workFolder.resolve(step + ".log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        Process process = builder.directory(workFolder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(LONGEST_STEP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new Unprepared(step + " took longer than " + LONGEST_STEP_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new Unprepared(step + " ended with " + process.exitValue() + ": " + Files.readString(log));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
