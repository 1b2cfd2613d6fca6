package dev.verge.node.server;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a node. The server library gives its transport no name for what it binds, so each port has a length of its accept
 * queue that no other one has.
 */
public enum Listener {
    HTTP(4095),
    HTTPS(4094),
    ADMIN(255),
    HEALTH(254);

    private final int backlog;

    Listener(int backlog) {
        this.backlog = backlog;
    }

    /** Connections that may wait to be accepted. */
    public int backlog() {
        return backlog;
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
