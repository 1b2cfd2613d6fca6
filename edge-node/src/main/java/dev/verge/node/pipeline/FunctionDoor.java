package dev.verge.node.pipeline;

import dev.verge.node.site.DeployedFunction;
import dev.verge.sandbox.FunctionBinding;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestHandler;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sandbox.SubrequestTarget;
import io.vertx.core.Future;

/** The only door out of a function: sorts what it asks for by whom it asks. What it may ask for stands in its version, not in its word. */
final class FunctionDoor {
    private final Fetches fetches;
    private final KvCalls kv;
    private final CacheCalls caches;

    FunctionDoor(Fetches fetches, KvCalls kv, CacheCalls caches) {
        this.fetches = fetches;
        this.kv = kv;
        this.caches = caches;
    }

    SubrequestHandler open(FunctionRun run, DeployedFunction.Share share, FunctionCalls functions) {
        return asked -> switch (asked.target()) {
            case SubrequestTarget.Web web -> fetches.fetch(run, share, asked);
            case SubrequestTarget.Service(String name) ->
                functions.callInner(run, bound(share, name, FunctionBinding.Kind.SERVICE), asked);
            case SubrequestTarget.Kv(String name) ->
                kv.handle(run.account(), bound(share, name, FunctionBinding.Kind.KV), asked);
            case SubrequestTarget.Cache(String name) -> cached(run, name, asked);
        };
    }

    private Future<SubrequestResponse> cached(FunctionRun run, String name, Subrequest asked) {
        return caches.handle(run.account(), name, asked);
    }

    private static String bound(DeployedFunction.Share share, String name, FunctionBinding.Kind kind) {
        FunctionBinding binding = share.version().bindings().get(name);
        if (binding == null || binding.kind() != kind) {
            throw new Fetches.Refused("env." + name + " is not bound");
        }
        return binding.target();
    }
}
