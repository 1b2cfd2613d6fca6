package dev.verge.sandbox;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a function host comes from, and how many there may be.
 *
 * @param jvm what a host runs on
 * @param workFolder under which sockets and private folders are made; short, as a socket's path holds at most 100 bytes
 * @param spareHosts booted and exercised ahead, 0 to 4
 * @param maxHosts processes at a time, spares included; the account that was idle longest gives way
 * @param spareMemoryBytes the largest {@code memoryBytes} of functions that a spare can take
 * @param idleTimeout after which an account's host is ended
 * @param queueTimeout how long a call waits for a host
 * @param bootTimeout how long a boot may take
 * @param spareDelay how long after the start the first spare is booted; a call that needs a host does not wait for it
 * @param memoryBytes that all hosts together may be counted for; no host is booted beyond it, the first excepted
 * @param accountLimits of each account
 * @param requireLockdown whether a host that could not put up all its {@linkplain HostWall walls} is refused
 * @param exercise how long a booted host lets its compiler practise before it counts as warm, at most
 */
public record HostSettings(
        HostJvm jvm,
        Path workFolder,
        int spareHosts,
        int maxHosts,
        long spareMemoryBytes,
        Duration idleTimeout,
        Duration queueTimeout,
        Duration bootTimeout,
        Duration spareDelay,
        long memoryBytes,
        AccountLimits accountLimits,
        boolean requireLockdown,
        Duration exercise) {

    /** What a host's heap has beyond the largest {@code memoryBytes}: the engine, the compiler, the bootstrap. */
    public static final long HOST_OVERHEAD_BYTES = 96L << 20;

    /** What a host takes of the machine beside its heap, busy for a while. */
    private static final long BESIDE_HEAP_BYTES = 160L << 20;

    /** In milliseconds; for tests of whole installations, which boot many hosts and ask little of each. */
    private static final Duration EXERCISE = Duration.ofMillis(Long.getLong("verge.functions.exercise", 3_000));

    private static final Duration SHORT_EXERCISE = Duration.ofMillis(50);

    public HostSettings {
        if (spareHosts < 0 || spareHosts > 4) {
            throw new IllegalArgumentException("spareHosts: between 0 and 4, not " + spareHosts);
        }
        if (maxHosts <= spareHosts) {
            throw new IllegalArgumentException("maxHosts: must be more than spareHosts (" + spareHosts + ")");
        }
    }

    /**
     * From a distribution's folders.
     *
     * @param java the {@code java} program of a JDK 25
     * @param hostLibFolder all jars of it are the host's class path; holds this module's jar, too
     * @param compilerFolder all jars of it are the compiler; may be absent
     */
    public static HostSettings fromDirectories(Path java, Path hostLibFolder, Path compilerFolder) {
        return of(HostJvm.fromDirectories(java, hostLibFolder, compilerFolder), EXERCISE);
    }

    /** From the class path and the {@code java} program of this very process: for tests, which need no fast functions but fast boots. */
    public static HostSettings fromClassPath() {
        return of(HostJvm.fromClassPath(), SHORT_EXERCISE);
    }

    private static HostSettings of(HostJvm jvm, Duration exercise) {
        return new HostSettings(
                jvm,
                Path.of("/tmp"),
                1,
                16,
                FunctionLimits.DEFAULT.memoryBytes(),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ZERO,
                Long.MAX_VALUE,
                AccountLimits.DEFAULT,
                false,
                exercise);
    }

    /** These settings with other numbers of hosts. */
    public HostSettings withHosts(int spares, int max) {
        return new HostSettings(
                jvm,
                workFolder,
                spares,
                max,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with another idle time. */
    public HostSettings withIdleTimeout(Duration value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                value,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with another patience of calls for a host. */
    public HostSettings withQueueTimeout(Duration value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                value,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with another folder for sockets. */
    public HostSettings withWorkFolder(Path value) {
        return new HostSettings(
                jvm,
                value,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with spares that leave the processors to others at first. */
    public HostSettings withSpareDelay(Duration value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                value,
                memoryBytes,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with another answer to kernels that refuse a wall. */
    public HostSettings withRequireLockdown(boolean value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                value,
                exercise);
    }

    /** These settings with another budget of memory for all hosts together. */
    public HostSettings withMemoryBytes(long value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                value,
                accountLimits,
                requireLockdown,
                exercise);
    }

    /** These settings with other limits of each account. */
    public HostSettings withAccountLimits(AccountLimits value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                value,
                requireLockdown,
                exercise);
    }

    /** These settings with another time for practice. */
    public HostSettings withExercise(Duration value) {
        return new HostSettings(
                jvm,
                workFolder,
                spareHosts,
                maxHosts,
                spareMemoryBytes,
                idleTimeout,
                queueTimeout,
                bootTimeout,
                spareDelay,
                memoryBytes,
                accountLimits,
                requireLockdown,
                value);
    }

    /** What a host for functions of that size is counted for before it is known what it takes. */
    public static long reserveBytes(long memoryBytes) {
        return memoryBytes + HOST_OVERHEAD_BYTES + BESIDE_HEAP_BYTES;
    }
}
