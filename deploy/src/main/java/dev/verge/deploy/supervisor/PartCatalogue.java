package dev.verge.deploy.supervisor;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the parts of a platform are: how each is started, where it is found and how long it may take to stop. */
final class PartCatalogue {
    /** A part's log and its predecessor take at most twice this. */
    static final long LOG_BYTES = 16L * 1024 * 1024;

    /** Longer than the drain that the config files allow. */
    private static final Duration NODE_GRACE = Duration.ofSeconds(20);

    private static final Duration CONTROL_PLANE_GRACE = Duration.ofSeconds(15);
    private static final Duration ORIGIN_GRACE = Duration.ofSeconds(8);

    private final UpOptions options;
    private final String program;
    private final ConfigFiles files;

    PartCatalogue(UpOptions options, Path home, DataFolder data) {
        this.options = options;
        this.program = home.resolve("bin").resolve("verge").toString();
        this.files = new ConfigFiles(data, options);
    }

    ConfigFiles files() {
        return files;
    }

    PartSpec controlPlane() {
        URI address = loopback(options.api(), "");
        return new PartSpec(
                "control-plane",
                List.of(
                        program,
                        "control-plane",
                        "--config",
                        files.controlPlane().toString()),
                address,
                address.resolve("/readyz"),
                CONTROL_PLANE_GRACE);
    }

    PartSpec node(int node) {
        return new PartSpec(
                "node-" + node,
                List.of(program, "node", "--config", files.node(node).toString()),
                URI.create("http://localhost:" + options.http(node)),
                loopback(options.admin(node), "/readyz"),
                NODE_GRACE);
    }

    PartSpec origin(int origin) {
        int port = options.origins() + origin;
        return new PartSpec(
                "origin-" + origin,
                List.of(program, "demo-origin", "--port", Integer.toString(port), "--name", "origin-" + origin),
                loopback(port, ""),
                loopback(port, "/healthz"),
                ORIGIN_GRACE);
    }

    private static URI loopback(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
