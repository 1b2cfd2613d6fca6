package dev.verge.node;

import dev.verge.node.config.Functions;
import dev.verge.node.config.NodeConfig;
import dev.verge.sandbox.HostSettings;
import java.nio.file.Path;

/** Where function hosts come from and how many of them this node may have. */
final class FunctionHosts {
    /** What one host takes of the machine under load, beside its functions' own heap. */
    private static final long BYTES_PER_HOST = 400L << 20;

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
        int most = (int) Math.clamp(functions.memoryBytes() / BYTES_PER_HOST, functions.spareHosts() + 1L, 1000L);
        return settings.withHosts(functions.spareHosts(), most).withRequireLockdown(functions.requireLockdown());
    }
}
