package dev.verge.sandbox.process;

import dev.verge.sandbox.RuntimeStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What hosts have told of the machine they run on, said aloud when it is news. Thread-safe. */
final class Learned {
    private static final Logger LOG = LoggerFactory.getLogger(HostFleet.class);

    private volatile String engine = "";
    private volatile RuntimeStatus.Lockdown lockdown = RuntimeStatus.Lockdown.UNKNOWN;

    /** A host has booted. */
    synchronized void from(HostProcess.Greeting greeting) {
        if (engine.isEmpty()) {
            LOG.info("functions run on {}", greeting.engine());
            if (!optimised(greeting.engine())) {
                LOG.warn(
                        "functions are INTERPRETED, ten to thirty times slower: this JDK does not take the Graal compiler");
            }
        }
        engine = greeting.engine();
        RuntimeStatus.Lockdown now = new RuntimeStatus.Lockdown(true, greeting.walls(), greeting.refusedWalls());
        if (!now.equals(lockdown) && !now.complete()) {
            LOG.warn(
                    "function hosts are NOT FULLY LOCKED DOWN, a script that broke out of the engine would meet less: the kernel"
                            + " refused {}",
                    now.refused());
        }
        lockdown = now;
    }

    /** All there is to say of these hosts. */
    RuntimeStatus status(List<HostProcess> all, Map<String, HostProcess> accounts, List<HostProcess> spares) {
        Map<HostProcess, String> owners = new HashMap<>();
        accounts.forEach((account, host) -> owners.put(host, account));
        List<RuntimeStatus.Host> hosts = all.stream()
                .map(host -> new RuntimeStatus.Host(
                        host.pid(), owners.getOrDefault(host, ""), host.warm(), host.inFlight(), host.residentBytes()))
                .toList();
        int ready = (int) spares.stream().filter(HostProcess::warm).count();
        return new RuntimeStatus(engine, optimised(engine), ready, hosts, lockdown);
    }

    private static boolean optimised(String name) {
        return !name.isEmpty() && !name.contains("Interpreted");
    }
}
