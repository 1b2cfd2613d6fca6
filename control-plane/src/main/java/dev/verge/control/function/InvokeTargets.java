package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.log.LogKeys;
import dev.verge.control.resource.Share;
import dev.verge.control.run.InvokeRoute;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.secret.SecretTable;
import dev.verge.control.store.Session;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Secret;
import dev.verge.sync.log.SecretPlaces;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which version a direct call reaches, and what a node needs to run one that has no traffic. */
public final class InvokeTargets implements InvokeRoute.Functions {
    private final SecretBox box;
    private final LogKeys keys;
    private final int keptVersions;

    /**
     * Versions whose secrets open with this box.
     *
     * @param keys seal them to the nodes
     */
    public InvokeTargets(SecretBox box, LogKeys keys, int keptVersions) {
        this.box = box;
        this.keys = keys;
        this.keptVersions = keptVersions;
    }

    @Override
    public InvokeRoute.Target target(Call call, @Nullable Integer version) {
        return call.read(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored function = store.find();
            List<Share> shares = FunctionTable.shares(session, function);
            if (version == null && !shares.isEmpty()) {
                return target(function, null, null);
            }
            int wanted = version == null ? function.version() : version;
            boolean live = shares.stream().anyMatch(share -> share.version() == wanted && share.percent() > 0);
            if (live) {
                return target(function, wanted, null);
            }
            FunctionTable.Version stored = FunctionTable.version(session, function, wanted)
                    .orElseThrow(() -> Problems.notFound("such version"));
            return target(function, wanted, store.deployed(function, stored, 0, secrets(session, function)));
        });
    }

    private Map<String, Secret> secrets(Session session, FunctionTable.Stored function) {
        FleetKey fleet = keys.now(session).fleet();
        Map<String, Secret> sealed = new HashMap<>();
        SecretTable.sealed(session, function.account(), function.name()).forEach((key, atRest) -> {
            String name = SecretPlaces.name(function.account(), function.name(), key);
            sealed.put(key, Secret.of(fleet.seal(name, box.open(name, atRest))));
        });
        return sealed;
    }

    private static InvokeRoute.Target target(
            FunctionTable.Stored function, @Nullable Integer version, @Nullable Deployed code) {
        return new InvokeRoute.Target(function.account(), function.name(), function.revision(), version, code);
    }
}
