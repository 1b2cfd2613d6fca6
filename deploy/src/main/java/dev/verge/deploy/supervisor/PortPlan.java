package dev.verge.deploy.supervisor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ports of a platform: no two alike, and all free before anything is started. */
final class PortPlan {
    /**
     * One port.
     *
     * @param option the option that moves it
     * @param purpose whose it is, for messages
     */
    record Use(int port, String option, String purpose) {}

    private final List<Use> uses;

    private PortPlan(List<Use> uses) {
        this.uses = uses;
    }

    /** @throws StartFailure when two parts would share a port, or one is beyond 65535 */
    static PortPlan of(UpOptions options) throws StartFailure {
        List<Use> uses = new ArrayList<>();
        uses.add(new Use(options.api(), "--api", "control-plane"));
        for (int node = 0; node < options.nodes(); node++) {
            uses.add(new Use(options.http(node), "--http", "node-" + node + ", http"));
            uses.add(new Use(options.https(node), "--https", "node-" + node + ", https"));
            uses.add(new Use(options.admin(node), "--admin", "node-" + node + ", admin"));
        }
        for (int origin = 0; options.demo() && origin < UpOptions.DEMO_ORIGINS; origin++) {
            uses.add(new Use(options.origins() + origin, "--origins", "origin-" + origin));
        }
        Map<Integer, Use> seen = new HashMap<>();
        for (Use use : uses) {
            if (use.port() > 65_535) {
                throw StartFailure.usage("port " + use.port() + " (" + use.purpose()
                        + ") is beyond 65535; choose a lower one with " + use.option());
            }
            Use other = seen.put(use.port(), use);
            if (other != null) {
                throw StartFailure.usage("port " + use.port() + " is wanted twice, by " + other.purpose() + " and "
                        + use.purpose() + "; change " + other.option() + " or " + use.option());
            }
        }
        return new PortPlan(List.copyOf(uses));
    }

    /** @throws StartFailure naming the first port that is taken, and its holder where the system tells */
    void requireFree() throws StartFailure {
        for (Use use : uses) {
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), use.port()));
            } catch (IOException taken) {
                String holder = PortHolder.find(use.port())
                        .map(PortHolder::describe)
                        .map(who -> "taken by " + who)
                        .orElse("not to be had: " + taken.getMessage());
                throw StartFailure.because("port " + use.port() + " (" + use.purpose() + ") is " + holder
                        + "; stop that, or choose another port with " + use.option());
            }
        }
    }
}
