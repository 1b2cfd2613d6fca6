package dev.verge.load.jmh.disk;

import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** Something that keeps bodies by number. */
interface Contender extends AutoCloseable {
    String name();

    /** Writes a body; on return the operating system has all of it, the device maybe not. The caller keeps the buffer. */
    void put(int number, ByteBuf body) throws IOException;

    /** Reads a whole body into memory. Returns its length; −1 when it is not there. From any thread. */
    long get(int number) throws IOException;

    /** Forgets what it holds in its own memory, for reads after this. */
    void reopen() throws IOException;

    @Override
    void close() throws IOException;
}
