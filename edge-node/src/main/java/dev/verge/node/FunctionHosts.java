package dev.verge.node;

import dev.verge.node.config.Functions;
import dev.verge.node.config.NodeConfig;
import dev.verge.node.site.FunctionRules;
import dev.verge.sandbox.AccountLimits;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sandbox.HostSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Where function hosts come from and how many of them this node may have. */
final class FunctionHosts {
    /** However much memory there is. */
    private static final int MAX_HOSTS = 1000;

    /** Who takes over waits so long for its first hosts; then those who ask first wait in its place. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(50);

    private FunctionHosts() {}

    /** Waits until calls find a host, for a while. Blocks. */
    static void awaitSpares(FunctionRuntime functions, NodeConfig config) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (functions.status().spares() < config.functions().spareHosts() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

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

    /** Which functions run on a node, and what they may use. */
    static FunctionRules rules(NodeConfig config) {
        return new FunctionRules(
                config.functions().allowShared(), config.functions().ceilings());
    }
}
