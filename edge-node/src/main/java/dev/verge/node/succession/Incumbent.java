package dev.verge.node.succession;

import dev.verge.node.server.Listener;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/** The node that runs, as its successor needs it. Calls come on virtual threads, one at a time, and may block. */
public interface Incumbent {
    /**
     * A listening socket.
     *
     * @param address as it stands in the successor's settings
     * @return null when this node does not listen there: then the successor opens a socket of its own
     */
    @Nullable
    FileDescriptor socket(Listener listener, String address);

    /** Leaves the data folder, and goes on serving. */
    void leaveFolder();

    /** The successor has failed: takes the folder back. */
    void takeFolderBack();

    /** The successor serves. After this returns nothing is accepted here and nothing served from the cache. */
    void stepDown();

    /** Ends this process's work in order; called once, after {@link #stepDown}. */
    void end();
}
