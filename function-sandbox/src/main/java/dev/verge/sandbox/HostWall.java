package dev.verge.sandbox;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What stands around a function host, besides its being a process of its own. */
public enum HostWall {
    /** No program it could start would gain rights (prctl(2), PR_SET_NO_NEW_PRIVS). */
    NO_NEW_PRIVILEGES,
    /** Its memory is not readable by other processes of the user, and is never written to a core file. */
    NOT_DUMPABLE,
    /** It has no capabilities, also where the node runs as root (capabilities(7)). */
    NO_CAPABILITIES,
    /** Files it may write: none; open files, locked memory and queues are bounded (setrlimit(2)). */
    RESOURCE_LIMITS,
    /** It sees no file but its own classes and the JVM's (landlock(7)). */
    LANDLOCK,
    /** System calls outside a short list fail or end it (seccomp(2)). */
    SECCOMP;

    /** All of them. */
    public static final Set<HostWall> ALL = Set.of(values());

    /** For people: {@code no-new-privileges}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A set as bits: bit n for the n-th constant. */
    @SuppressWarnings("EnumOrdinal") // Both ends are of one build.
    public static int bits(Set<HostWall> walls) {
        return walls.stream().mapToInt(wall -> 1 << wall.ordinal()).sum();
    }

    /** The set that bits stand for; unknown bits are ignored. */
    @SuppressWarnings("EnumOrdinal") // As above.
    public static Set<HostWall> ofBits(int bits) {
        return Arrays.stream(values())
                .filter(wall -> (bits & (1 << wall.ordinal())) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(HostWall.class)));
    }
}
