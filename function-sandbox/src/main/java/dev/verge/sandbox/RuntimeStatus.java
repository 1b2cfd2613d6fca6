package dev.verge.sandbox;

import java.util.List;
import java.util.Set;

/**
 * How the hosts are.
 *
 * @param engine the implementation's name as the hosts report it, empty before the first boot
 * @param optimised whether JavaScript is compiled
 * @param spares ready and exercised
 * @param hosts all processes
 * @param lockdown how the newest host has locked itself down
 */
public record RuntimeStatus(String engine, boolean optimised, int spares, List<Host> hosts, Lockdown lockdown) {
    public RuntimeStatus {
        hosts = List.copyOf(hosts);
    }

    /**
     * One process.
     *
     * @param account whose it is, empty for a spare, {@link FunctionVersion#SHARED} for the one of shared functions
     * @param exercised whether its compiler has seen work
     * @param inFlight calls running there
     * @param residentBytes of the machine's memory, looked at once a second
     */
    public record Host(long pid, String account, boolean exercised, int inFlight, long residentBytes) {}

    /**
     * The walls around hosts.
     *
     * @param known whether a host has booted and told
     * @param standing walls that hold
     * @param refused what the kernel refused, in words; empty when all stand
     */
    public record Lockdown(boolean known, Set<HostWall> standing, String refused) {
        /** Before the first boot. */
        public static final Lockdown UNKNOWN = new Lockdown(false, Set.of(), "");

        public Lockdown {
            standing = Set.copyOf(standing);
        }

        /** Whether every wall stands. */
        public boolean complete() {
            return standing.containsAll(HostWall.ALL);
        }

        /** For {@code /readyz}: {@code unknown}, {@code complete}, or {@code incomplete: …} with what the kernel refused. */
        public String summary() {
            return !known ? "unknown" : complete() ? "complete" : "incomplete: " + refused;
        }
    }

    /** What all hosts together hold of the machine's memory. */
    public long residentBytes() {
        return hosts.stream().mapToLong(Host::residentBytes).sum();
    }

    /** For {@code /readyz}: {@code booting} or {@code warm(n)}. */
    public String summary() {
        return spares == 0 && hosts.stream().noneMatch(Host::exercised) ? "booting" : "warm(" + spares + ")";
    }
}
