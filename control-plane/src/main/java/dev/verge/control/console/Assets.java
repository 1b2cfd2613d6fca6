package dev.verge.control.console;

import dev.verge.control.store.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The console's files, read once from beside the classes. They are served below a path that holds a digest of all of them, so browsers may
 * keep them for good; the page itself is asked for anew each time, and names that path.
 */
final class Assets {
    private static final String FOLDER = "console/";
    private static final String INDEX = "index.html";
    private static final String BASE = "@base@";
    private static final String MODULES = "<!--modules-->";
    private static final int DIGEST_DIGITS = 16;

    private final String digest;
    private final Asset index;
    private final Map<String, Asset> files;

    private Assets(String digest, Asset index, Map<String, Asset> files) {
        this.digest = digest;
        this.index = index;
        this.files = files;
    }

    /** Reads them; they are part of the program, so a missing one is a fault of the build. */
    static Assets load() {
        SortedMap<String, byte[]> contents = read();
        byte[] page = contents.remove(INDEX);
        if (page == null) {
            throw new IllegalStateException("the console's " + INDEX + " is not on the class path");
        }
        String sums = contents.entrySet().stream()
                .map(file -> file.getKey() + " " + Hash.of(file.getValue()) + "\n")
                .collect(Collectors.joining());
        String digest = Hash.of(sums).substring(0, DIGEST_DIGITS);
        Map<String, Asset> files = new HashMap<>();
        contents.forEach((name, bytes) -> files.put(name, Asset.of(name, bytes)));
        return new Assets(digest, Asset.of(INDEX, page(page, digest, contents)), Map.copyOf(files));
    }

    /** The part of the path that changes with any file. */
    String digest() {
        return digest;
    }

    /** The page. */
    Asset index() {
        return index;
    }

    /** A file by its path below the folder; names come from a fixed set, so nothing else can be reached. */
    Optional<Asset> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    private static byte[] page(byte[] page, String digest, SortedMap<String, byte[]> contents) {
        String modules = contents.keySet().stream()
                .filter(name -> name.endsWith(".js") && name.contains("/"))
                .map(name -> "<link rel=\"modulepreload\" href=\"" + BASE + name + "\">")
                .collect(Collectors.joining("\n    "));
        return new String(page, StandardCharsets.UTF_8)
                .replace(MODULES, modules)
                .replace(BASE, FOLDER + digest + "/")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static SortedMap<String, byte[]> read() {
        URL index = Assets.class.getResource("/" + FOLDER + INDEX);
        if (index == null) {
            return new TreeMap<>();
        }
        try {
            return index.getProtocol().equals("jar")
                    ? fromJar(((JarURLConnection) index.openConnection())
                            .getJarFileURL()
                            .toURI())
                    : fromFolder(Path.of(index.toURI()).resolveSibling(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, byte[]> fromJar(URI jar) throws IOException {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        try (JarFile file = new JarFile(Path.of(jar).toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                if (entry.getName().startsWith(FOLDER) && !entry.isDirectory()) {
                    try (var in = file.getInputStream(entry)) {
                        contents.put(entry.getName().substring(FOLDER.length()), in.readAllBytes());
                    }
                }
            }
        }
        return contents;
    }

    private static SortedMap<String, byte[]> fromFolder(Path folder) throws IOException {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                contents.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        }
        return contents;
    }
}
