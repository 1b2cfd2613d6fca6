package dev.verge.node.kv;

import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import java.util.concurrent.CompletableFuture;

/** Where functions' key-value pairs are read, and changes handed on. Thread-safe; what it answers comes on any thread. */
public interface KvStore {
    /** This node's copy. */
    KvNamespaces namespaces();

    /** A longer value, by its hash; to be closed by who asked. */
    CompletableFuture<BlobReader> open(String sha256);

    /** Asks the control plane for a change; fails with words for the function's author. */
    CompletableFuture<Void> write(KvWrite change);

    /** The same for a value that is handed on in pieces. */
    KvUpload upload(KvWrite change);
}
