package dev.verge.sandbox.host.lockdown;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/** System calls of the calling thread, by the C library's {@code syscall}. */
final class Kernel {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    @SuppressWarnings("restricted") // The one place that calls native code.
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));

    private final Architecture architecture;

    Kernel(Architecture architecture) {
        this.architecture = architecture;
    }

    Architecture architecture() {
        return architecture;
    }

    /** What the call gives, or its negative errno. */
    long call(Syscall call, long... arguments) {
        int number = call.number(architecture);
        if (number < 0) {
            return -Policy.ENOSYS;
        }
        long[] all = new long[6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result =
                    (long) SYSCALL.invokeExact(state, (long) number, all[0], all[1], all[2], all[3], all[4], all[5]);
            return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
        } catch (Throwable e) {
            throw new IllegalStateException("A call of native code does not throw", e);
        }
    }

    /** The address of bytes in native memory, for as long as the arena is open. */
    static long bytes(Arena arena, byte[] value) {
        MemorySegment segment = arena.allocate(Math.max(value.length, 1), 8);
        segment.copyFrom(MemorySegment.ofArray(value));
        return segment.address();
    }

    /** The address of a text that ends with a zero byte. */
    static long text(Arena arena, String value) {
        return bytes(arena, (value + "\0").getBytes(StandardCharsets.UTF_8));
    }
}
