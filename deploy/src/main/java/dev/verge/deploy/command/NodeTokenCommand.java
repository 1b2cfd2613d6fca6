package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.NodeTokenMade;
import dev.verge.control.resource.NodeTokenOrder;
import dev.verge.sync.binding.DurationText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge node-token}: lets machines become nodes. */
@Command(
        name = "node-token",
        description = {
            "Makes a token for each named node, which the node exchanges once for keys of its own. For operators.",
            "Without --out it is shown with what else the node's controlPlane settings need, this once."
        },
        footer = {
            "",
            "Example:",
            "  verge node-token edge-1 --region eu",
            "  verge node-token edge-1 edge-2 --expires-in 1h --out /run/verge/tokens"
        })
final class NodeTokenCommand extends ApiCommand {
    @Parameters(arity = "1..*", paramLabel = "NODE", description = "Names of nodes, as their settings have them.")
    private List<String> nodes = List.of();

    @Option(names = "--groups", split = ",", paramLabel = "NAME", description = "Groups that they belong to.")
    private List<String> groups = List.of();

    @Option(names = "--region", paramLabel = "NAME", description = "Region that they are in.")
    private @Nullable String region;

    @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            description = "For how long a token can be exchanged: 10m, 1h, 7d; until it is revoked when absent.")
    private @Nullable String expiresIn;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = {
                "Writes each token to a file of the node's name there (mode 600) and shows none. One that is there already",
                "stays, and no other is made: so this can be said again at each start."
            })
    private @Nullable Path folder;

    @Option(
            names = "--unless",
            paramLabel = "FILE",
            description = {
                "Does nothing where this file is: sync/keys.json in a node's data folder, which one that needs no token any more",
                "has. The control plane is not asked then."
            })
    private @Nullable Path unless;

    @Override
    int run(ApiClient client, Output output) throws IOException {
        if (unless != null && Files.exists(unless)) {
            output.value(List.of());
            output.line(unless + " is there: no token needed");
            return 0;
        }
        Duration lifetime = lifetime();
        List<NodeTokenMade> all = new ArrayList<>();
        for (String node : nodes) {
            Path file = folder == null ? null : folder.resolve(node);
            if (file != null && Files.exists(file)) {
                output.line(node + ": has a token in " + file + ", which stays");
                continue;
            }
            NodeTokenMade made = await(client.createNodeToken(new NodeTokenOrder(node, groups, lifetime, region)));
            all.add(made);
            if (file != null) {
                keep(file, made.token());
                output.line(node + ": token in " + file + until(made));
            } else {
                show(output, made);
            }
        }
        output.value(
                folder == null
                        ? all
                        : all.stream().map(NodeTokenCommand::withoutToken).toList());
        return 0;
    }

    private @Nullable Duration lifetime() {
        if (expiresIn == null) {
            return null;
        }
        try {
            return DurationText.parse(expiresIn);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailure.wrongUsage("--expires-in: \"" + expiresIn + "\" is no duration; write 10m, 1h or 7d");
        }
    }

    private static String until(NodeTokenMade made) {
        return made.expiresAt() == null ? "" : ", to be exchanged until " + made.expiresAt();
    }

    /** What node.yaml holds. */
    private static void show(Output output, NodeTokenMade made) {
        output.line("# " + made.node() + until(made));
        output.line("controlPlane:");
        output.line("  token: " + made.token());
        if (made.caFingerprint() != null) {
            output.line("  fingerprint: \"" + made.caFingerprint() + "\"");
        }
        output.line("  signingKey: \"" + made.signingKey() + "\"");
    }

    private static NodeTokenMade withoutToken(NodeTokenMade made) {
        return new NodeTokenMade(
                made.id(), "(in its file)", made.node(), made.expiresAt(), made.caFingerprint(), made.signingKey());
    }

    /** Whole or not at all, and never readable to others. */
    private static void keep(Path file, String token) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, token + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
