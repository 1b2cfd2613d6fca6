package dev.verge.sandbox;

import dev.verge.sandbox.process.HostFleet;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Runs functions: creates, owns and ends the host processes. One per node.
 *
 * <p>All methods may be called from any thread. A call belongs to the Vert.x context it is made on: its futures complete there, its
 * streams are used there.
 */
public final class FunctionRuntime {
    private final HostFleet fleet;

    private FunctionRuntime(HostFleet fleet) {
        this.fleet = fleet;
    }

    /** A runtime that starts booting its spare hosts at once, without waiting for them. */
    public static FunctionRuntime create(Vertx vertx, HostSettings settings, MeterRegistry meters) {
        return new FunctionRuntime(HostFleet.start(vertx, settings, meters));
    }

    /** Starts a call. */
    public FunctionInvocation start(FunctionCall call) {
        return fleet.start(call);
    }

    /** Starts a call that is not going to be cancelled; as {@link #start} otherwise. */
    public Future<FunctionResult> invoke(FunctionCall call) {
        return start(call).result();
    }

    /**
     * Tries whether a bundle would start: sizes, syntax of all modules it imports, the handlers, its evaluation; TypeScript is compiled
     * before. Done in a host without bindings that runs nothing else and is ended afterwards.
     *
     * @return fails only with {@link NoHostException}
     */
    public Future<CheckResult> check(FunctionBundle bundle, FunctionLimits limits) {
        return fleet.check(bundle, limits);
    }

    /** The engine's implementation name as the hosts report it; empty before the first boot. */
    public String engine() {
        return status().engine();
    }

    /** How the hosts are. */
    public RuntimeStatus status() {
        return fleet.status();
    }

    /** Ends all hosts; what is in flight ends as {@code KILLED}. Completes when no process is left. */
    public Future<Void> close() {
        return fleet.close();
    }
}
