package dev.verge.deploy.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The files of the demo site by path, in memory: the reveal.js web app (MIT licence) as its WebJar carries it. */
final class DemoSite {
    private static final String ROOT = "META-INF/resources/webjars/reveal.js/3.0.0/";

    private final Map<String, Asset> assets;

    private DemoSite(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /**
     * Reads the whole site, about 3 MB.
     *
     * @throws IllegalStateException when the WebJar is not on the class path
     */
    static DemoSite load() {
        URL index = DemoSite.class.getClassLoader().getResource(ROOT + "index.html");
        if (index == null) {
            throw new IllegalStateException("the demo site's WebJar (org.webjars:reveal.js) is not on the class path");
        }
        try {
            Map<String, Asset> assets = new HashMap<>();
            // Without the cache the connection has a JarFile of its own, which may be closed.
            JarURLConnection connection = (JarURLConnection) index.openConnection();
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                for (JarEntry entry : jar.stream().filter(DemoSite::belongs).toList()) {
                    String path = "/" + entry.getName().substring(ROOT.length());
                    try (InputStream content = jar.getInputStream(entry)) {
                        assets.put(
                                path,
                                Asset.of(
                                        path,
                                        content.readAllBytes(),
                                        entry.getLastModifiedTime().toInstant()));
                    }
                }
            }
            return new DemoSite(Map.copyOf(assets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean belongs(JarEntry entry) {
        return !entry.isDirectory()
                && entry.getName().startsWith(ROOT)
                && !entry.getName().startsWith(ROOT + ".");
    }

    /** The file at {@code path}; a path that ends in {@code /} means its index page. */
    Optional<Asset> find(String path) {
        return Optional.ofNullable(assets.get(path.endsWith("/") ? path + "index.html" : path));
    }

    List<String> paths() {
        return assets.keySet().stream().sorted().toList();
    }
}
