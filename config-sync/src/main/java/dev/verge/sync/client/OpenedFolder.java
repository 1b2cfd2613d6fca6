package dev.verge.sync.client;

import dev.verge.sync.log.State;
import java.nio.file.Path;
import java.time.Duration;

/** What opening a client's folder found on disk. */
record OpenedFolder(NodeStateStore store, BlobFiles files, State state) {

    /** Opens it, and removes blobs that nothing has named for so long. Blocks. */
    static OpenedFolder open(Path folder, Duration pruneAge) throws Exception {
        NodeStateStore store = NodeStateStore.open(folder.resolve("state"));
        try {
            State state = store.load();
            BlobFiles files = new BlobFiles(folder.resolve("blobs"));
            files.prune(BlobFiles.wantedBy(state.entries()), pruneAge);
            return new OpenedFolder(store, files, state);
        } catch (Exception e) {
            store.close();
            throw e;
        }
    }
}
