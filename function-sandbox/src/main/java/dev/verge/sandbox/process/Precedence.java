package dev.verge.sandbox.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whose turn it is when the processors are busy (setpriority(2), sched(7)). A host that is nobody's yet practises for many seconds of
 * processor time; it gets what nobody else wants, and its full share once it is somebody's. One whose calls are long stands behind the
 * others while they are active. The kernel keeps this for each thread, and lets a thread come forward again only for who may: where it does
 * not, nobody stands back.
 */
final class Precedence {
    /** The least that there is: about 1.5 % of a processor that another wants, too. */
    static final int LAST = 19;

    /** A third of what others get who want one, too. */
    static final int BEHIND = 5;

    static final int NORMAL = 0;

    private static final int OF_THREAD = 0; // PRIO_PROCESS, which means a thread

    private final long pid;
    private int now = NORMAL;

    /** That of a process which has the same as this one. */
    Precedence(long pid) {
        this.pid = pid;
    }

    /** From now on it has that place; reads a folder of the kernel. Where it could not come forward again, nothing happens. */
    void settle(int wanted) {
        if (wanted != now && Right.RESTORES) {
            setAll(wanted);
            now = wanted;
        }
    }

    /** A thread that begins meanwhile has what the one had that began it, so it is looked at twice. */
    private void setAll(int nice) {
        for (int i = 0; i < 2; i++) {
            try (DirectoryStream<Path> threads =
                    Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
                for (Path thread : threads) {
                    var _ = set(Integer.parseInt(thread.getFileName().toString()), nice);
                }
            } catch (IOException | DirectoryIteratorException e) {
                return; // it has ended
            }
        }
    }

    private static boolean set(int thread, int nice) {
        try {
            return (int) Native.SET.invokeExact(OF_THREAD, thread, nice) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("A call of native code does not throw", e);
        }
    }

    private static final class Native {
        @SuppressWarnings("restricted") // The C library's own, with three numbers.
        static final MethodHandle SET = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
    }

    /** Found out once; the thread that tries must not need this class. */
    private static final class Right {
        /** Whether this process may take it back. */
        static final boolean RESTORES = restores();
    }

    private static boolean restores() {
        AtomicBoolean result = new AtomicBoolean();
        Thread tries = Thread.ofPlatform()
                .daemon()
                .name("function-host-precedence")
                .start(() -> {
                    result.set(set(0, NORMAL + 1) && set(0, NORMAL));
                });
        try {
            tries.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return result.get();
    }
}
