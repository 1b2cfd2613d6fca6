package dev.verge.sync.server;

/** Something that can be ended, once or more often, from any thread. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /** Ends it. */
    @Override
    void close();
}
