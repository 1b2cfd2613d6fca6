package dev.verge.node.admin;

import io.vertx.core.json.JsonObject;

/** What the administration port may see and do. Thread-safe; nothing here blocks. */
public interface NodeView {

    /** The details of {@code /readyz}. */
    JsonObject readiness();

    /** Whether traffic should be sent here. */
    boolean ready();

    /** The meters in Prometheus text format. */
    String metrics();

    /** What runs here, secrets masked. */
    JsonObject config();

    /** Takes this node out of service; requests under way finish. */
    void drain();

    /** Puts this node into service again, unless the control plane has taken it out or it is ending. */
    void undrain();
}
