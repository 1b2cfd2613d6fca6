package dev.verge.node.kv;

import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Where functions' key-value pairs are read, and changes handed on. Thread-safe. */
public interface KvStore {
    /** This node's copy. */
    KvNamespaces namespaces();

    /** A longer value, by its hash. */
    Future<Buffer> read(String sha256);

    /** Asks the control plane for a change; fails with words for the function's author. */
    Future<Void> write(KvWrite change);
}
