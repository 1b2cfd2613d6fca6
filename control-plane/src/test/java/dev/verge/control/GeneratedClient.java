package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.assertj.core.api.Assertions;

/** A client that a generator made of the API's description: its classes, compiled and loaded apart from those of the tests. */
final class GeneratedClient implements AutoCloseable {
    static final String PACKAGE = "dev.verge.client";

    /** What the README tells people to call the generator with, up to the folders. */
    static final List<String> ARGUMENTS = List.of(
            "generate",
            "-g",
            "java",
            "--additional-properties",
            "disallowAdditionalPropertiesIfNotPresent=false,containerDefaultToNull=true");

    private static final Path TOOLS = Path.of("target", "client-generator");

    private final URLClassLoader loader;

    private GeneratedClient(URLClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Generates, compiles and loads.
     *
     * @param description OpenAPI 3.1
     * @param caller a source that calls the client, compiled beside it
     */
    static GeneratedClient make(String description, Path caller, Path folder)
            throws IOException, InterruptedException, URISyntaxException {
        Path file = Files.writeString(folder.resolve("verge.json"), description);
        Path sources = folder.resolve("client");
        generate(file, sources);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        List<Path> libraries = new ArrayList<>(files(TOOLS, 1, ".jar"));
        libraries.add(Path.of(Assertions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
        List<Path> all = files(sources.resolve(Path.of("src", "main", "java")), Integer.MAX_VALUE, ".java");
        compile(Stream.concat(all.stream(), Stream.of(caller)).toList(), libraries, classes);
        List<URL> urls = new ArrayList<>();
        urls.add(classes.toUri().toURL());
        for (Path library : libraries) {
            urls.add(library.toUri().toURL());
        }
        return new GeneratedClient(new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
    }

    private static void generate(Path description, Path into) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"));
        command.add(files(TOOLS.resolve("cli"), 1, ".jar").getFirst().toString());
        command.addAll(ARGUMENTS);
        command.addAll(List.of("-i", description.toString(), "-o", into.toString()));
        command.addAll(List.of("--invoker-package", PACKAGE));
        command.addAll(List.of("--api-package", PACKAGE + ".api", "--model-package", PACKAGE + ".model"));
        command.addAll(List.of("--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"));
        Path log = into.resolveSibling("generator.log");
        Process generator = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(generator.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            generator.destroyForcibly();
        }
        assertThat(generator.exitValue()).as(Files.readString(log)).isZero();
    }

    private static void compile(List<Path> sources, List<Path> libraries, Path classes) throws IOException {
        String path = libraries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", path),
                            null,
                            manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private static List<Path> files(Path folder, int depth, String ending) throws IOException {
        try (Stream<Path> files =
                Files.find(folder, depth, (file, is) -> file.toString().endsWith(ending))) {
            return files.sorted().toList();
        }
    }

    /** A class of it. */
    Class<?> load(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
