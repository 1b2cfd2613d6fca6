package dev.verge.control;

import dev.verge.control.access.OperatorToken;
import dev.verge.control.access.Secrets;
import dev.verge.control.backup.BackupReader;
import dev.verge.control.log.LogTable;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.store.BlobFolder;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.CannotStart;
import dev.verge.control.store.DataFolder;
import dev.verge.control.store.Database;
import dev.verge.control.store.SharedBlobs;
import java.nio.file.Path;
import java.time.Instant;

/** Makes an installation from a backup, while no control plane of it runs. */
public final class Restore {

    private Restore() {}

    /**
     * Restores a backup into the empty store that the settings name. The log gets a new identity, since its revisions no longer mean what
     * nodes may have heard since: they take the whole state anew. Blocks.
     *
     * @throws StartFailure when it cannot; nothing of it is then in the store
     */
    public static BackupReader.Restored run(ControlPlaneConfig config, Path backup) {
        try (DataFolder folder = DataFolder.open(Path.of(config.data()));
                Database database =
                        Database.open(config.store(), System.getenv("VERGE_STORE_PASSWORD"), folder.path())) {
            BlobFolder files = new BlobFolder(folder.path());
            Blobs blobs = database.shared() ? new SharedBlobs(database, files) : files;
            BackupReader.Restored restored = BackupReader.restore(backup, database, blobs, session -> {
                LogTable.startHistory(session, Secrets.id());
                // A key that does not fit makes the backup's secrets useless: said now rather than at the first start.
                SecretBox.open(config.secretKeyPath(), System.getenv("VERGE_SECRET_KEY"), session);
            });
            OperatorToken.hold(database, config.adminTokenPath(), Instant.now());
            return restored;
        } catch (CannotStart | BackupReader.Refused e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
