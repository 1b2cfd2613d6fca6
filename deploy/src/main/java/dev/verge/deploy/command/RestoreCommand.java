package dev.verge.deploy.command;

import dev.verge.control.ControlPlaneConfig;
import dev.verge.control.Restore;
import dev.verge.control.StartFailure;
import dev.verge.control.backup.BackupReader;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge restore}: a control plane's state from a backup. */
@Command(
        name = "restore",
        description = {
            "Makes the state of an empty store from a backup, before the control plane is started on it: all of it or nothing.",
            "Nodes take the whole state anew when they connect, and drop what they have cached. The store may be of another kind",
            "than the one that the backup was made of: this is the way from SQLite to PostgreSQL too."
        },
        footer = {"", "Example:", "  verge restore --config /etc/verge/control-plane.yaml verge-2026-11-25.zip"})
final class RestoreCommand extends LocalCommand {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The settings of the control plane that is to have the state.")
    private Path config = Path.of("");

    @Parameters(paramLabel = "BACKUP", description = "A file that verge backup made.")
    private Path backup = Path.of("");

    @Override
    public Integer call() {
        Environment environment = environment();
        ControlPlaneConfig settings = ConfigFile.read(environment, config, ControlPlaneConfig.class);
        try {
            BackupReader.Restored restored = Restore.run(settings, backup);
            environment
                    .out()
                    .println("restored revision " + restored.revision() + ": " + restored.rows() + " rows, "
                            + restored.blobs() + " blobs; the operator's token is in " + settings.adminTokenPath());
            return 0;
        } catch (StartFailure refused) {
            throw CommandFailure.failed(String.valueOf(refused.getMessage()));
        }
    }
}
