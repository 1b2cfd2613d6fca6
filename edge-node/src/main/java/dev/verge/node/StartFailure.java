package dev.verge.node;

import dev.verge.cache.store.CacheOpenException;
import dev.verge.node.server.EdgeListeners;
import dev.verge.node.succession.Predecessor;
import dev.verge.sync.client.StateFolderException;

/** A node could not start. The message is one line for people: what stands in the way, at which setting, and the way out. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** What keeps a node from its start, in one line. */
    static StartFailure of(Exception e) {
        return switch (e) {
            case StartFailure clear -> clear;
            case EdgeListeners.CannotListen port -> new StartFailure(String.valueOf(port.getMessage()), port);
            case CacheOpenException cache -> new StartFailure("data: " + cache.getMessage(), cache);
            case Predecessor.Refused refused ->
                new StartFailure("the node that runs cannot be taken over: " + refused.getMessage(), refused);
            case StateFolderException state -> new StartFailure("data: " + state.getMessage(), state);
            case IllegalArgumentException setting -> new StartFailure(String.valueOf(setting.getMessage()), setting);
            default -> new StartFailure("the node cannot start: " + e, e);
        };
    }
}
