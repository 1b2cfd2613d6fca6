package dev.verge.sync.server;

import dev.verge.sync.trust.Introduction;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one node: whole messages both ways, in order, until it ends. Everything but {@link #close} is called on the context that it
 * was made on, and handlers are called there.
 */
public interface Pipe {

    /** Who takes what comes from now on. */
    void onText(Consumer<String> handler);

    /** Told when there is room again after {@link #full}. */
    void onDrain(Runnable handler);

    /** Told once when it has ended, from whichever end; replaces the one before. */
    void onClose(Runnable handler);

    /** Whether more would only wait in memory. */
    boolean full();

    /** Whether it has ended. */
    boolean closed();

    /** Sends a message as text. */
    Future<Void> text(String message);

    /** Sends a message that {@code Packed} made. */
    Future<Void> packed(byte[] message);

    /** Ends it; the code is one of RFC 6455 §7.4. */
    Future<Void> close(short code, String reason);

    /** Where the other end is, for the log. */
    String peer();

    /** Text of a session for a node that is to be welcomed; it is signed in the welcome. */
    default String session(NodeIdentity node) {
        return Introduction.nonce();
    }

    /** The welcome has been sent; what follows is of that session. */
    default void welcomed() {}

    /** What carries commits and great things beside this way; null when all goes over it. */
    default @Nullable Bus bus() {
        return null;
    }
}
