package dev.verge.node;

import dev.verge.node.config.Functions;
import dev.verge.node.config.NodeConfig;
import dev.verge.sandbox.AccountLimits;
import dev.verge.sandbox.HostSettings;
import java.nio.file.Path;

/** Where function hosts come from and how many of them this node may have. */
final class FunctionHosts {
    /** However much memory there is. */
    private static final int MAX_HOSTS = 1000;

    private FunctionHosts() {}

    static HostSettings settings(NodeConfig config) {
        String home = System.getProperty("verge.home");
        HostSettings settings = home == null
                ? HostSettings.fromClassPath()
                : HostSettings.fromDirectories(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        Path.of(home, "lib", "host"),
                        Path.of(home, "lib", "graal"));
        Functions functions = config.functions();
        return settings.withHosts(functions.spareHosts(), MAX_HOSTS)
                .withMemoryBytes(functions.memoryBytes())
                .withAccountLimits(new AccountLimits(
                        functions.callsPerAccount(),
                        functions.callsPerFunction(),
                        functions.waitingPerAccount(),
                        functions.patience()))
                .withRequireLockdown(functions.requireLockdown());
    }
}
