package dev.verge.node.site;

import dev.verge.sandbox.FunctionVersion;
import dev.verge.sync.document.HostPattern;
import java.net.InetAddress;
import java.util.List;

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
     */
    public record Share(int percent, FunctionVersion version, List<HostPattern> egress) {
        public Share {
            egress = List.copyOf(egress);
        }
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
