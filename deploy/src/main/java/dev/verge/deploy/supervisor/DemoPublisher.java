package dev.verge.deploy.supervisor;

import dev.verge.control.client.Applied;
import dev.verge.control.client.FunctionUpload;
import dev.verge.control.client.StoredDocument;
import dev.verge.control.resource.FunctionSummary;
import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.Status;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the demo site and its function. What was published is remembered, so that a later start brings the demo up to date
 * where it is still as it was made, and leaves it alone where somebody has changed it since.
 */
final class DemoPublisher {
    private static final String SITE = "demo";
    private static final String FUNCTION = "hello";
    private static final String YAML = "application/yaml";
    private static final Duration LIVE = Duration.ofSeconds(20);

    private final Operator operator;
    private final Path sources;
    private final Path memory;
    private final UpOptions options;

    /**
     * @param sources folder with {@code site.yaml} and {@code hello.js}
     * @param memory file that remembers what was published
     */
    DemoPublisher(Operator operator, Path sources, Path memory, UpOptions options) {
        this.operator = operator;
        this.sources = sources;
        this.memory = memory;
        this.options = options;
    }

    /** The revisions at which the demo is complete. */
    final class Published {
        private final long functionRevision;
        private final long siteRevision;

        private Published(long functionRevision, long siteRevision) {
            this.functionRevision = functionRevision;
            this.siteRevision = siteRevision;
        }

        /** Waits until every node runs both. */
        void awaitLive() throws StartFailure, InterruptedException {
            awaitNodes("function " + FUNCTION, functionRevision, client -> () -> client.functionStatus(FUNCTION));
            awaitNodes("site " + SITE, siteRevision, client -> () -> client.siteStatus(SITE));
        }
    }

    Published publish(Console console) throws IOException, StartFailure, InterruptedException {
        JsonObject remembered = remembered();
        long functionRevision = publishFunction(console, remembered);
        long siteRevision = publishSite(console, remembered);
        Files.writeString(memory, remembered.encodePrettily());
        return new Published(functionRevision, siteRevision);
    }

    private long publishFunction(Console console, JsonObject remembered)
            throws IOException, StartFailure, InterruptedException {
        String source = Files.readString(sources.resolve("hello.js"));
        @Nullable
        FunctionSummary current = operator.call("list of functions", client -> client.functions()).stream()
                .filter(function -> function.name().equals(FUNCTION))
                .findFirst()
                .orElse(null);
        Integer ours = remembered.getInteger("functionVersion");
        if (current != null) {
            if (ours == null || current.version() != ours) {
                console.line("function " + FUNCTION + " was changed since it was published; left as it is");
                return current.revision();
            }
            if (source.equals(remembered.getString("function"))) {
                return current.revision();
            }
        }
        Pushed pushed = operator.call(
                "place to function " + FUNCTION,
                client -> client.pushFunction(FUNCTION, FunctionUpload.of(source), true));
        remembered.put("function", source).put("functionVersion", pushed.version());
        console.line("function " + FUNCTION + " published, version " + pushed.version());
        return pushed.revision();
    }

    private long publishSite(Console console, JsonObject remembered)
            throws IOException, StartFailure, InterruptedException {
        String document = Files.readString(sources.resolve("site.yaml"))
                .replace("127.0.0.1:9001", "127.0.0.1:" + options.origins())
                .replace("127.0.0.1:9002", "127.0.0.1:" + (options.origins() + 1));
        boolean exists = operator.call("list of sites", client -> client.sites()).stream()
                .map(SiteSummary::site)
                .anyMatch(SITE::equals);
        @Nullable String etag = null;
        if (exists) {
            StoredDocument current = operator.call("document of site " + SITE, client -> client.site(SITE));
            if (!current.text().equals(remembered.getString("site"))) {
                console.line("site " + SITE + " was changed since it was published; left as it is");
                return current.revision();
            }
            if (current.text().equals(document)) {
                return current.revision();
            }
            etag = current.etag();
        }
        @Nullable String base = etag;
        Applied applied =
                operator.call("place to site " + SITE, client -> client.applySite(SITE, document, YAML, base));
        remembered.put("site", document);
        console.line("site " + SITE + " published, version " + applied.version());
        return applied.revision();
    }

    private void awaitNodes(
            String what,
            long revision,
            java.util.function.Function<dev.verge.control.client.ApiClient, Supplier<io.vertx.core.Future<Status>>> ask)
            throws StartFailure, InterruptedException {
        Status status =
                operator.call("status of " + what, client -> client.awaitStatus(ask.apply(client), revision, LIVE));
        for (NodeStanding node : status.nodes()) {
            if (node.connected() && node.state() != NodeStanding.State.APPLIED) {
                throw StartFailure.because(what + " is "
                        + (node.reason() == null
                                ? "still on its way to " + node.node() + " after " + LIVE.toSeconds() + " s"
                                : "refused by " + node.node() + ": " + node.reason()));
            }
        }
    }

    private JsonObject remembered() throws IOException {
        if (!Files.exists(memory)) {
            return new JsonObject();
        }
        try {
            return new JsonObject(Files.readString(memory));
        } catch (DecodeException broken) {
            return new JsonObject();
        }
    }
}
