package dev.verge.sandbox.process;

import dev.verge.sandbox.CheckResult;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.RuntimeStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** All host processes of a runtime. */
public final class HostFleet {
    private HostFleet() {}

    public static HostFleet start(Vertx vertx, HostSettings settings, MeterRegistry meters) {
        return new HostFleet();
    }

    public FunctionInvocation start(FunctionCall call) {
        return new FunctionInvocation() {
            @Override
            public Future<FunctionResult> result() {
                return Future.failedFuture(new NoHostException("not yet"));
            }

            @Override
            public void cancel() {}
        };
    }

    public Future<CheckResult> check(FunctionBundle bundle, FunctionLimits limits) {
        return Future.failedFuture(new NoHostException("not yet"));
    }

    public RuntimeStatus status() {
        return new RuntimeStatus("", false, 0, List.of());
    }

    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
