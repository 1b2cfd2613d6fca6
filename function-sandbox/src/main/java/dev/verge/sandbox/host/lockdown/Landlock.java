package dev.verge.sandbox.host.lockdown;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The kernel's Landlock: from now on this thread, and every one it starts, sees no file but those below the paths it is given, and those
 * only for reading. Covers as much as the kernel's version knows (ABI 1 to 7 and later).
 */
final class Landlock {
    private static final int VERSION_FLAG = 1;
    private static final int PATH_BENEATH = 1;
    private static final long READ_FILE = 1L << 2;
    private static final long READ_DIR = 1L << 3;

    /** Rights over files that version 1 knows; later versions added one bit each at the positions that follow. */
    private static final int FIRST_RIGHTS = 13;

    private static final int ABI_REFER = 2;
    private static final int ABI_TRUNCATE = 3;
    private static final int ABI_NETWORK = 4;
    private static final int ABI_DEVICE_IOCTL = 5;
    private static final int ABI_SCOPES = 6;

    private static final long O_PATH_AND_CLOEXEC = 0x200000 | 0x80000;
    private static final long AT_FDCWD = -100;

    private final Kernel kernel;

    Landlock(Kernel kernel) {
        this.kernel = kernel;
    }

    /** The kernel's version of it, or a negative errno where it has none. */
    int version() {
        return (int) kernel.call(Syscall.LANDLOCK_CREATE_RULESET, 0, 0, VERSION_FLAG);
    }

    /** All rights over files that a version can take away. */
    static long handledRights(int version) {
        int bits = FIRST_RIGHTS
                + (version >= ABI_REFER ? 1 : 0)
                + (version >= ABI_TRUNCATE ? 1 : 0)
                + (version >= ABI_DEVICE_IOCTL ? 1 : 0);
        return (1L << bits) - 1;
    }

    /** The ruleset's description as a version reads it: rights over files, over TCP ports (bind, connect), scopes (abstract sockets). */
    static byte[] description(int version) {
        int fields = version >= ABI_SCOPES ? 3 : version >= ABI_NETWORK ? 2 : 1;
        ByteBuffer out = ByteBuffer.allocate(fields * 8).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(handledRights(version));
        if (fields > 1) {
            out.putLong(3);
        }
        if (fields > 2) {
            out.putLong(1);
        }
        return out.array();
    }

    /**
     * Takes effect for the calling thread and those it starts later. Needs no-new-privileges.
     *
     * @param readable files and folders; those that do not exist are left out
     * @return 0, or a negative errno when nothing has changed
     */
    long restrict(Collection<Path> readable) {
        int version = version();
        if (version < 1) {
            return version == 0 ? -Policy.ENOSYS : version;
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] description = description(version);
            long ruleset = kernel.call(
                    Syscall.LANDLOCK_CREATE_RULESET, Kernel.bytes(arena, description), description.length, 0);
            if (ruleset < 0) {
                return ruleset;
            }
            for (Path path : readable) {
                long failure = allow(arena, ruleset, path);
                if (failure < 0) {
                    kernel.call(Syscall.CLOSE, ruleset);
                    return failure;
                }
            }
            long result = kernel.call(Syscall.LANDLOCK_RESTRICT_SELF, ruleset, 0);
            kernel.call(Syscall.CLOSE, ruleset);
            return result;
        }
    }

    private long allow(Arena arena, long ruleset, Path path) {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException e) {
            return 0;
        }
        long file = kernel.call(Syscall.OPENAT, AT_FDCWD, Kernel.text(arena, real.toString()), O_PATH_AND_CLOEXEC, 0);
        if (file < 0) {
            return file;
        }
        ByteBuffer rule = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        rule.putLong(Files.isDirectory(real) ? READ_FILE | READ_DIR : READ_FILE).putInt((int) file);
        long result =
                kernel.call(Syscall.LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, Kernel.bytes(arena, rule.array()), 0);
        kernel.call(Syscall.CLOSE, file);
        return result;
    }
}
