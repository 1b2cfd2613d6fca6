package dev.verge.sync.client;

import dev.verge.sync.log.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the folder of a node holds: the last good state, what the node belongs to, blobs, and its own keys. Opened by one process. */
record StateFolder(NodeStateStore store, BlobFiles files, State state, List<String> groups, KeyRing ring) {

    /** Blobs that nothing names are removed when they are older. */
    static final Duration PRUNE_AGE = Duration.ofMinutes(10);

    static StateFolder open(SyncClientOptions options) throws Exception {
        Path folder = options.folder();
        NodeStateStore store = NodeStateStore.open(folder.resolve("state"));
        try {
            State state = store.load();
            BlobFiles files = new BlobFiles(folder.resolve("blobs"));
            files.prune(BlobFiles.wantedBy(state.entries()), PRUNE_AGE);
            return new StateFolder(store, files, state, store.groups(), KeyRing.open(options));
        } catch (Exception e) {
            store.close();
            throw e;
        }
    }

    /** Removes blobs that nothing names any more. */
    void prune() throws Exception {
        files.prune(BlobFiles.wantedBy(store.load().entries()), PRUNE_AGE);
    }
}
