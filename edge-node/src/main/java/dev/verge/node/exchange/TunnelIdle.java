package dev.verge.node.exchange;

/** Nothing moved in a tunnel for longer than {@code timeouts.idleStream}. */
public final class TunnelIdle extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TunnelIdle() {
        super("nothing moved in the tunnel", null, false, false);
    }
}
