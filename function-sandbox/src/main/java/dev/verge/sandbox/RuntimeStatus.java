package dev.verge.sandbox;

import java.util.List;

/**
 * How the hosts are.
 *
 * @param engine the implementation's name as the hosts report it, empty before the first boot
 * @param optimised whether JavaScript is compiled
 * @param spares ready and exercised
 * @param hosts all processes
 */
public record RuntimeStatus(String engine, boolean optimised, int spares, List<Host> hosts) {
    public RuntimeStatus {
        hosts = List.copyOf(hosts);
    }

    /**
     * One process.
     *
     * @param account whose it is, empty for a spare
     * @param exercised whether its compiler has seen work
     * @param inFlight calls running there
     */
    public record Host(long pid, String account, boolean exercised, int inFlight) {}

    /** For {@code /readyz}: {@code booting} or {@code warm(n)}. */
    public String summary() {
        return spares == 0 && hosts.stream().noneMatch(Host::exercised) ? "booting" : "warm(" + spares + ")";
    }
}
