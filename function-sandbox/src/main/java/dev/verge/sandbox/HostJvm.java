package dev.verge.sandbox;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What function hosts run on: a {@code java} program, a class path, the compiler of scripts, and what was prepared to start them quickly.
 *
 * <p>A JDK 25 has a module {@code jdk.graal.compiler} with nothing in it. To put the real one in its place ({@code upgrade}) forbids the
 * JVM to use classes from an archive, which is half of what a start costs. A runtime without that module takes the real one as any
 * other module, so {@code HostPreparation} links one, and trains an archive for it.
 *
 * @param java the {@code java} program of a JDK 25, or of a runtime that is linked from one
 * @param classPath of the host: the engine's jars, then this module's jar or classes
 * @param compiler jars of the Graal compiler; empty for a host that interprets
 * @param upgrade whether the compiler takes the place of the module without contents
 * @param archive loaded and linked classes for {@code java} and {@code classPath}; {@code null} when there is none. The JVM leaves it
 *     aside when it does not fit
 * @param brief whether hosts are to start cheaply rather than to run fast: for tests
 */
public record HostJvm(
        Path java,
        List<Path> classPath,
        List<Path> compiler,
        boolean upgrade,
        @Nullable Path archive,
        boolean brief) {
    /** The compiler's module. */
    public static final String COMPILER_MODULE = "jdk.graal.compiler";

    private static final Pattern COMPILER_JAR =
            Pattern.compile("(compiler|truffle-compiler|collections|word|nativeimage|jniutils)-[0-9].*\\.jar");
    private static final Pattern ENGINE_JAR = Pattern.compile(
            "(polyglot|js-language|wasm-language|truffle-runtime|truffle-compiler|truffle-api|regex|icu4j|xz|collections|word|nativeimage|jniutils)-[0-9].*\\.jar");
    private static final Pattern OWN_JAR = Pattern.compile("function-sandbox-.*\\.jar");

    /** The same on another runtime and class path, without an archive and with the compiler as a module like others. */
    public HostJvm bare(Path runtime, List<Path> jarsOrClasses) {
        return new HostJvm(runtime, jarsOrClasses, compiler, false, null, brief);
    }

    public HostJvm {
        classPath = List.copyOf(classPath);
        compiler = List.copyOf(compiler);
    }

    /** What is prepared for hosts, in a folder of its own beside what it was prepared for. */
    public record Prepared(Path folder) {
        /** Where it is, or is to be, for a folder or jar with the classes of hosts. */
        public static Prepared beside(Path jarsOrClasses) {
            return new Prepared(jarsOrClasses.resolveSibling("host-jvm"));
        }

        /** The linked runtime; absent when the JDK itself lacks the compiler's stub. */
        public Path runtime() {
            return folder.resolve("runtime");
        }

        public Path archive() {
            return folder.resolve("host.aot");
        }

        /** Stands on the class path in place of classes in a folder, which cannot be archived. */
        public Path trainer() {
            return folder.resolve("trainer.jar");
        }

        /** What all this was made of, one a line, the JDK first; written when all else is there. */
        public Path madeOf() {
            return folder.resolve("made-of");
        }

        /** The JDK that it was made with. Another one's runtime would be used no more after an update, so hosts would miss the update. */
        public static String thisJdk() {
            return System.getProperty("java.runtime.version") + " " + System.getProperty("os.arch");
        }

        boolean suits() {
            try {
                return Files.exists(madeOf())
                        && Files.readAllLines(madeOf()).getFirst().equals(thisJdk());
            } catch (IOException | IndexOutOfBoundsException e) {
                return false;
            }
        }
    }

    /** Of a distribution; see {@link HostSettings#fromDirectories}. */
    static HostJvm fromDirectories(Path java, Path hostLibFolder, Path compilerFolder) {
        return with(
                Prepared.beside(hostLibFolder),
                java,
                jars(hostLibFolder),
                List.of(),
                Files.isDirectory(compilerFolder) ? jars(compilerFolder) : List.of(),
                false);
    }

    /** Of this process; see {@link HostSettings#fromClassPath}. */
    static HostJvm fromClassPath() {
        List<Path> engine = new ArrayList<>();
        List<Path> own = new ArrayList<>();
        List<Path> compiler = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath();
            String name = String.valueOf(path.getFileName());
            if (COMPILER_JAR.matcher(name).matches()) {
                compiler.add(path);
            }
            if (ENGINE_JAR.matcher(name).matches()) {
                engine.add(path);
            } else if (OWN_JAR.matcher(name).matches()
                    || Files.exists(path.resolve("dev/verge/sandbox/host/FunctionHost.class"))) {
                own.add(path);
            }
        }
        // An archive fits one order only, and each module of the build has its own.
        Comparator<Path> byName = Comparator.comparing(path -> String.valueOf(path.getFileName()));
        engine.sort(byName);
        compiler.sort(byName);
        Prepared prepared = Prepared.beside(own.isEmpty() ? Path.of("classes").toAbsolutePath() : own.getFirst());
        return with(prepared, Path.of(System.getProperty("java.home"), "bin", "java"), engine, own, compiler, true);
    }

    private static HostJvm with(
            Prepared prepared, Path java, List<Path> engine, List<Path> own, List<Path> compiler, boolean brief) {
        boolean suits = prepared.suits();
        List<Path> classPath = new ArrayList<>(engine);
        if (suits && Files.exists(prepared.trainer())) {
            classPath.add(prepared.trainer());
        }
        classPath.addAll(own);
        Path linked = prepared.runtime().resolve("bin/java");
        boolean isLinked = suits && Files.isExecutable(linked);
        boolean upgrade =
                !isLinked && ModuleFinder.ofSystem().find(COMPILER_MODULE).isPresent();
        return new HostJvm(
                isLinked ? linked : java,
                classPath,
                compiler,
                upgrade,
                suits && !upgrade && Files.exists(prepared.archive()) ? prepared.archive() : null,
                brief);
    }

    private static List<Path> jars(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            List<Path> jars = new ArrayList<>();
            files.forEach(jars::add);
            jars.sort(Comparator.naturalOrder());
            return jars;
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + ": is not a folder with the jars of function hosts", e);
        }
    }
}
