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
                "a duration or an address. For machines that share one file."
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
        return Foreground.run(
                environment,
                () -> (takeOver ? EdgeNode.takeOver(settings) : EdgeNode.start(settings))
                        .recover(failure -> ConfigFile.refusal(failure, dev.verge.node.StartFailure.class)),
                EdgeNode::close,
                EdgeNode::ended);
    }
}
