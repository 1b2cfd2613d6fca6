package dev.verge.node.site;

import dev.verge.sandbox.FunctionBinding;
import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.log.Deployed;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function with the versions that take its traffic.
 *
 * @param shares their percents sum up to 100
 */
public record DeployedFunction(String account, String name, List<Share> shares) {

    public DeployedFunction {
        shares = List.copyOf(shares);
    }

    /**
     * A version and its part of the traffic.
     *
     * @param egress hosts that {@code fetch} may reach besides the own site
     * @param lowered names of limits that are lower than its manifest says, as this node allows no more
     */
    public record Share(int percent, FunctionVersion version, List<HostPattern> egress, List<String> lowered) {
        public Share {
            egress = List.copyOf(egress);
            lowered = List.copyOf(lowered);
        }
    }

    /** A version as the log tells of it; {@link IllegalArgumentException} says why this node does not run it. */
    public static Share share(String account, String name, Deployed deployed, FunctionRules rules) {
        rules.admit(deployed);
        FunctionCeilings ceilings = rules.ceilings();
        FunctionManifest manifest = deployed.manifest();
        Map<String, String> env = new HashMap<>(manifest.vars());
        deployed.secrets().forEach((key, secret) -> env.put(key, secret.reveal()));
        Map<String, FunctionBinding> bindings = new HashMap<>();
        manifest.kv().forEach((key, namespace) -> bindings.put(key, FunctionBinding.kv(namespace)));
        manifest.services().forEach((key, function) -> bindings.put(key, FunctionBinding.service(function)));
        return new Share(
                deployed.percent(),
                new FunctionVersion(
                        account,
                        name,
                        Integer.toString(deployed.version()),
                        deployed.sha256(),
                        ceilings.lower(manifest.limits()),
                        env,
                        bindings,
                        manifest.shared()),
                manifest.egress(),
                ceilings.beyond(manifest.limits()).stream()
                        .map(FunctionCeilings.Beyond::field)
                        .toList());
    }

    /** The share of a version, or null when it has none. */
    public @Nullable Share version(int number) {
        String wanted = Integer.toString(number);
        for (Share share : shares) {
            if (share.version().version().equals(wanted)) {
                return share;
            }
        }
        return null;
    }

    /** The version for a client: the same one each time, as long as the shares stay. */
    public Share choose(InetAddress client) {
        int bucket = Math.floorMod(31 * java.util.Arrays.hashCode(client.getAddress()) + name.hashCode(), 100);
        for (Share share : shares) {
            bucket -= share.percent();
            if (bucket < 0) {
                return share;
            }
        }
        return shares.getLast();
    }
}
