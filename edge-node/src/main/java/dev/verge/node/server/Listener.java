package dev.verge.node.server;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a node. The server library gives its transport no name for what it binds, so each port has a length of its accept
 * queue that no other one has.
 */
public enum Listener {
    HTTP(4095, true),
    HTTPS(4094, true),
    ADMIN(255, false),
    HEALTH(254, false);

    private final int backlog;
    private final boolean edge;

    Listener(int backlog, boolean edge) {
        this.backlog = backlog;
        this.edge = edge;
    }

    /** Connections that may wait to be accepted. */
    public int backlog() {
        return backlog;
    }

    /** Whether clients of sites come in here. */
    public boolean edge() {
        return edge;
    }

    /** As in the settings: {@code http}, {@code https}, {@code admin}, {@code health}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Listener ofBacklog(@Nullable Object backlog) {
        return Arrays.stream(values())
                .filter(each -> Integer.valueOf(each.backlog).equals(backlog))
                .findFirst()
                .orElse(null);
    }
}
