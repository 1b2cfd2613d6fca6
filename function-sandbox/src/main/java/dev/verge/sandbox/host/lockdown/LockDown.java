package dev.verge.sandbox.host.lockdown;

import dev.verge.sandbox.HostWall;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts up all walls, once, on the main thread before it starts any other. What a kernel refuses is reported, and the rest stands. */
public final class LockDown {
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int SET_MODE_FILTER = 1;
    private static final int TSYNC = 1;

    /** When memory runs out, the kernel ends hosts before it ends the node: 0 to 1000. */
    private static final String FIRST_TO_GO = "800";

    /**
     * What came of it.
     *
     * @param standing walls that hold
     * @param refused what the kernel refused, in words; empty when all stand
     */
    public record Report(Set<HostWall> standing, List<String> refused) {
        public Report {
            standing = Set.copyOf(standing);
            refused = List.copyOf(refused);
        }
    }

    private final Set<HostWall> standing = EnumSet.noneOf(HostWall.class);
    private final List<String> refused = new ArrayList<>();

    private LockDown() {}

    /** Locks this process down. */
    public static Report apply() {
        LockDown lockDown = new LockDown();
        Optional<Architecture> architecture = Architecture.current();
        if (architecture.isEmpty() || !System.getProperty("os.name", "").equals("Linux")) {
            lockDown.refused.add("this system is not known: " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch"));
        } else {
            lockDown.apply(new Kernel(architecture.get()));
        }
        return new Report(lockDown.standing, lockDown.refused);
    }

    private void apply(Kernel kernel) {
        offerToTheKernelFirst();
        note(HostWall.NO_NEW_PRIVILEGES, kernel.call(Syscall.PRCTL, PR_SET_NO_NEW_PRIVS, 1));
        note(HostWall.NOT_DUMPABLE, kernel.call(Syscall.PRCTL, PR_SET_DUMPABLE, 0));
        note(HostWall.NO_CAPABILITIES, dropCapabilities(kernel));
        note(HostWall.RESOURCE_LIMITS, ResourceLimits.apply(kernel));
        note(HostWall.LANDLOCK, new Landlock(kernel).restrict(readable()));
        note(HostWall.SECCOMP, filter(kernel));
    }

    private void note(HostWall wall, long result) {
        if (result == 0) {
            standing.add(wall);
        } else {
            refused.add(wall.word() + (result < 0 ? " (errno " + -result + ")" : " (thread " + result + ")"));
        }
    }

    /** Best effort: a node that runs out of memory matters more than any host. */
    private static void offerToTheKernelFirst() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), FIRST_TO_GO);
        } catch (IOException e) {
            // Without /proc there is nobody to tell.
        }
    }

    /** Of this thread and those it starts; they matter where a node runs as root. */
    private static long dropCapabilities(Kernel kernel) {
        kernel.call(Syscall.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
        try (Arena arena = Arena.ofConfined()) {
            byte[] header = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(CAPABILITY_VERSION_3)
                    .array();
            return kernel.call(Syscall.CAPSET, Kernel.bytes(arena, header), Kernel.bytes(arena, new byte[24]));
        }
    }

    /** What the JVM may still open: its own classes, libraries and settings, and random numbers. */
    private static Set<Path> readable() {
        Set<Path> paths = new LinkedHashSet<>();
        Path home = Path.of(System.getProperty("java.home"));
        paths.add(home);
        // A package may keep these elsewhere and link to them.
        paths.add(home.resolve("conf"));
        paths.add(home.resolve("conf/security"));
        paths.add(home.resolve("lib/security"));
        for (String property : List.of("java.class.path", "jdk.module.path", "jdk.module.upgrade.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                if (!entry.isEmpty()) {
                    paths.add(Path.of(entry));
                }
            }
        }
        paths.add(Path.of("/dev/random"));
        paths.add(Path.of("/dev/urandom"));
        return paths;
    }

    private static long filter(Kernel kernel) {
        List<Seccomp.Instruction> program = Seccomp.program(kernel.architecture(), Policy.rules((int)
                ProcessHandle.current().pid()));
        try (Arena arena = Arena.ofConfined()) {
            byte[] pointer = ByteBuffer.allocate(16)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putShort((short) program.size())
                    .putLong(8, Kernel.bytes(arena, Seccomp.bytes(program)))
                    .array();
            return kernel.call(Syscall.SECCOMP, SET_MODE_FILTER, TSYNC, Kernel.bytes(arena, pointer));
        }
    }
}
