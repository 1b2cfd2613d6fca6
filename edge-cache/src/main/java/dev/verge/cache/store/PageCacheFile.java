package dev.verge.cache.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of which is read what the kernel has in memory, and nothing else: preadv2(2) with {@code RWF_NOWAIT}, which returns at once
 * where a device would have to be waited for. So it may be read on an event loop. Where the kernel, the C library or the file system
 * know no such thing, nothing is read. Thread-safe but for {@link #close}, which nobody may read at the time of.
 */
final class PageCacheFile implements AutoCloseable {
    private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;
    private static final int NOWAIT = 0x8;
    private static final int NO_FILE = -1;

    /** Reads nothing. */
    private static final PageCacheFile NONE = new PageCacheFile(NO_FILE);

    private final int descriptor;

    private PageCacheFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Opens a file, waiting for it. What cannot be opened reads nothing. */
    static PageCacheFile open(Path file) {
        if (Native.OPEN == null || Native.READ == null || Native.CLOSE == null) {
            return NONE;
        }
        try (Arena arena = Arena.ofConfined()) {
            int opened = (int) Native.OPEN.invokeExact(
                    arena.allocateFrom(file.toAbsolutePath().toString()), READ_ONLY_CLOSED_ON_EXEC);
            return opened < 0 ? NONE : new PageCacheFile(opened);
        } catch (Throwable e) {
            throw new IllegalStateException("A call of native code does not throw", e);
        }
    }

    /**
     * Fills a buffer, or says that this cannot be done without waiting; then what is in the buffer means nothing.
     *
     * @param into a direct buffer
     * @param position in the file, in bytes
     */
    boolean read(ByteBuffer into, long position) {
        MethodHandle read = Native.READ;
        if (descriptor == NO_FILE || read == null) {
            return false;
        }
        MemorySegment vector = Native.VECTOR.get();
        vector.set(ValueLayout.JAVA_LONG, 0, MemorySegment.ofBuffer(into).address());
        vector.set(ValueLayout.JAVA_LONG, Long.BYTES, into.remaining());
        try {
            return (long) read.invokeExact(descriptor, vector, 1, position, NOWAIT) == into.remaining();
        } catch (Throwable e) {
            throw new IllegalStateException("A call of native code does not throw", e);
        }
    }

    @Override
    public void close() {
        MethodHandle close = Native.CLOSE;
        if (descriptor != NO_FILE && close != null) {
            try {
                int _ = (int) close.invokeExact(descriptor);
            } catch (Throwable e) {
                throw new IllegalStateException("A call of native code does not throw", e);
            }
        }
    }

    /** Made when the first file is opened, not when the cache is: it takes some milliseconds. */
    private static final class Native {
        /** {@code struct iovec} of a thread: an address and a length. */
        static final ThreadLocal<MemorySegment> VECTOR =
                ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2 * Long.BYTES, Long.BYTES));

        static final @Nullable MethodHandle OPEN =
                handle("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        static final @Nullable MethodHandle CLOSE = handle("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        static final @Nullable MethodHandle READ = handle(
                "preadv2",
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT);

        @SuppressWarnings("restricted") // The C library's own, with numbers and memory that outlives the call.
        private static @Nullable MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find(name)
                    .map(function -> linker.downcallHandle(function, FunctionDescriptor.of(result, arguments)))
                    .orElse(null);
        }
    }
}
