package dev.verge.deploy.command;

import dev.verge.node.EdgeNode;
import dev.verge.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge node}: one edge node. */
@Command(
        name = "node",
        description = "Runs one edge node in the foreground; SIGTERM and Ctrl-C drain it first.",
        footer = {
            "",
            "Example:",
            "  verge node --config /etc/verge/node.yaml",
            "  verge node --config /etc/verge/node.yaml --take-over",
            "  verge node --config /etc/verge/node.yaml --set node=edge-2"
        })
final class NodeCommand extends LocalCommand {
    private static final String BUFFER_LIMIT = "io.netty.maxDirectMemory";
    /** For what is read, sent and received, beside what the cache keeps. */
    private static final long BUFFERS_BESIDE_CACHE_BYTES = 768L << 20;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The node's settings, in YAML or JSON.")
    private Path config = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "FIELD=TEXT",
            description = {
                "A setting that stands above the file's, such as node=edge-2 or controlPlane.tokenFile=/run/token: text, a size,",
                "a duration, an address, true or false. For machines that share one file."
            })
    private Map<String, String> instead = Map.of();

    @Option(
            names = "--take-over",
            description = {
                "Takes the place of the node that runs with this data folder, without losing a request: its listening",
                "sockets, its cached objects, its configuration. The other process drains and ends with 0. Where none",
                "runs, this one just starts."
            })
    private boolean takeOver;

    @Override
    public Integer call() {
        Environment environment = environment();
        NodeConfig settings = ConfigFile.read(environment, config, NodeConfig.class, instead);
        boundBuffers(settings);
        return Foreground.run(
                environment,
                () -> (takeOver ? EdgeNode.takeOver(settings) : EdgeNode.start(settings))
                        .recover(failure -> ConfigFile.refusal(failure, dev.verge.node.StartFailure.class)),
                EdgeNode::close,
                EdgeNode::ended);
    }

    /**
     * Says how much memory outside the heap the process may take, before the library that takes it looks: a cache of any size must leave
     * room for requests, or a full one would have them all turned away. Somebody's own {@code -D} stands.
     */
    private static void boundBuffers(NodeConfig settings) {
        if (System.getProperty(BUFFER_LIMIT) == null) {
            System.setProperty(
                    BUFFER_LIMIT, Long.toString(settings.cache().memoryBytes() + BUFFERS_BESIDE_CACHE_BYTES));
        }
    }
}
