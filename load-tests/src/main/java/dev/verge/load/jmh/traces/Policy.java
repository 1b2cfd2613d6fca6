package dev.verge.load.jmh.traces;

/** A bounded cache of objects that are known by number. */
public interface Policy extends AutoCloseable {
    /**
     * Asks for an object and takes it in when it is not there.
     *
     * @return true when it was there
     */
    boolean access(int object);

    @Override
    default void close() {}
}
