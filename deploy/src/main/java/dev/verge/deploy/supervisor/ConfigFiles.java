package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that each process is started with, and that can be used to start it alone. They hold tokens, so only their owner may
 * read them.
 */
final class ConfigFiles {
    private static final Pattern NODE_TOKEN = Pattern.compile("(?m)^ *(?:nodeToken|token): \"([^\"]+)\"");

    private final DataFolder data;
    private final UpOptions options;

    ConfigFiles(DataFolder data, UpOptions options) {
        this.data = data;
        this.options = options;
    }

    Path controlPlane() {
        return data.file("control-plane.yaml");
    }

    Path node(int node) {
        return data.file("node-" + node + ".yaml");
    }

    Path adminToken() {
        return data.file("admin-token");
    }

    void writeControlPlane() throws IOException {
        write(controlPlane(), """
                # Written by `verge up` at each start. Start the control plane alone with
                #   verge control-plane --config %s
                # Where it listens: API, console, /healthz, /readyz and /metrics.
                listen: "127.0.0.1:%d"
                # Its store; one process has it.
                data: %s
                # Where the operator's token goes at the first start (mode 600).
                adminTokenFile: %s
                """.formatted(
                        controlPlane(),
                        options.api(),
                        quoted(data.file("control-plane").toString()),
                        quoted(adminToken().toString())));
    }

    void writeNode(int node, String token) throws IOException {
        write(node(node), """
                # Written by `verge up` at each start. Start this node alone with
                #   verge node --config %s
                # Name of the node; its token serves no other.
                node: node-%d
                # Where clients come in, plain and over TLS, and the operator's own address.
                http: {listen: "127.0.0.1:%d"}
                https: {listen: "127.0.0.1:%d"}
                admin: {listen: "127.0.0.1:%d"}
                # Where its configuration comes from.
                controlPlane:
                  urls: ["http://127.0.0.1:%d"]
                  # Exchanged once for keys that the node makes itself and keeps in its data folder; of no use afterwards.
                  token: "%s"
                # What survives a restart: configuration, function code, cached objects, the node's own certificate.
                data: %s
                cache: {memoryBytes: 128MiB, diskBytes: 2GiB}
                functions: {memoryBytes: 1GiB, spareHosts: 1, allowShared: false}
                # What origins may be reached besides public addresses.
                networks: {origins: [127.0.0.0/8, "::1"], functions: []}
                limits: {drain: 10s}
                """.formatted(
                        node(node),
                        node,
                        options.http(node),
                        options.https(node),
                        options.admin(node),
                        options.api(),
                        token,
                        quoted(data.file("node-" + node).toString())));
    }

    /** Whether the node has exchanged its token before: its keys are where they were made. */
    boolean enrolled(int node) {
        return Files.exists(data.file("node-" + node).resolve("sync").resolve("keys.json"));
    }

    /** The token that an earlier start gave the node. */
    Optional<String> knownToken(int node) throws IOException {
        if (!Files.exists(node(node))) {
            return Optional.empty();
        }
        Matcher token = NODE_TOKEN.matcher(Files.readString(node(node)));
        return token.find() ? Optional.of(token.group(1)) : Optional.empty();
    }

    /** YAML's double-quoted style (YAML 1.2 §7.3.1) for a path. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A reader sees the old file or the new one, and nobody else sees either. */
    private static void write(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException notPosix) {
            Files.createFile(draft);
        } catch (FileAlreadyExistsException raced) {
            throw new IOException("somebody else writes " + draft, raced);
        }
        Files.writeString(draft, text, StandardCharsets.UTF_8);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
