package dev.verge.deploy.command;

import dev.verge.control.ControlPlane;
import dev.verge.control.ControlPlaneConfig;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code verge control-plane}: the control plane. */
@Command(
        name = "control-plane",
        description = "Runs the control plane in the foreground; SIGTERM and Ctrl-C let running calls finish.",
        footer = {"", "Example:", "  verge control-plane --config /etc/verge/control-plane.yaml"})
final class ControlPlaneCommand extends LocalCommand {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The control plane's settings, in YAML or JSON.")
    private Path config = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "FIELD=TEXT",
            description = {
                "A setting that stands above the file's, such as node=edge-2 or controlPlane.tokenFile=/run/token: text, a size,",
                "a duration, an address, true or false. For machines that share one file."
            })
    private Map<String, String> instead = Map.of();

    @Override
    public Integer call() {
        Environment environment = environment();
        ControlPlaneConfig settings = ConfigFile.read(environment, config, ControlPlaneConfig.class, instead);
        return Foreground.run(
                environment,
                () -> ControlPlane.start(settings)
                        .recover(failure ->
                                ConfigFile.<ControlPlane>refusal(failure, dev.verge.control.StartFailure.class)),
                ControlPlane::close);
    }
}
