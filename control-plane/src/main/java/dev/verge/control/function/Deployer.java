package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.log.LogTable;
import dev.verge.control.node.Groups;
import dev.verge.control.reach.Reach;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.Share;
import dev.verge.control.secret.SealedEntries;
import dev.verge.control.secret.SecretTable;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.log.Staged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives versions of functions their traffic, within its caller's transaction: whoever asks for it, a caller or the clock. */
final class Deployer {
    private final Session session;
    private final Instant now;

    Deployer(Session session, Instant now) {
        this.session = session;
        this.now = now;
    }

    /** Gives versions the traffic everywhere; a rollout that was under way is superseded. */
    FunctionTable.Stored deploy(FunctionTable.Stored function, List<Share> shares) {
        rollout(function)
                .filter(RolloutTable.Stored::active)
                .ifPresent(old -> RolloutTable.put(session, old.in(RolloutTable.SUPERSEDED, null, now, true)));
        return publish(function, shares, null);
    }

    /** The same versions with what else changed of the function. */
    FunctionTable.Stored again(FunctionTable.Stored function) {
        List<Share> shares = FunctionTable.shares(session, function);
        return shares.isEmpty()
                ? function
                : publish(
                        function,
                        shares,
                        rollout(function)
                                .filter(RolloutTable.Stored::staged)
                                .map(RolloutTable.Stored::rollout)
                                .orElse(null));
    }

    /** As the caller orders it: at once, or at some nodes first, and watched where that is wanted. */
    FunctionTable.Stored begin(FunctionTable.Stored function, Deployment order) {
        if (order.groups().isEmpty() && order.rollbackOn() == null) {
            return deploy(function, order.versions());
        }
        List<Share> before = FunctionTable.shares(session, function);
        Set<Integer> fresh = RolloutTable.Stored.fresh(before, order.versions());
        if (before.isEmpty()) {
            throw Problems.mistake(
                    order.groups().isEmpty() ? "rollbackOn" : "groups",
                    "",
                    "only for a function that has traffic already, to stay with or go back to",
                    "deploy a first version without it");
        }
        if (order.rollbackOn() != null && fresh.isEmpty()) {
            throw Problems.mistake(
                    "rollbackOn",
                    "",
                    "only with a version that has no traffic yet",
                    "leave it out, or name a new version");
        }
        boolean staged = !order.groups().isEmpty();
        List<Problem> unknown = Groups.check(session, "groups", order.groups());
        if (!unknown.isEmpty()) {
            throw Problems.mistakes(unknown);
        }
        Rollout rollout = new Rollout(
                staged ? RolloutTable.STAGED : RolloutTable.WATCHING,
                order.versions(),
                before,
                order.groups(),
                staged ? order.pauseTime().map(now::plus).orElse(null) : null,
                order.rollbackOn(),
                null,
                now,
                null);
        FunctionTable.Stored next = staged ? publish(function, before, rollout) : deploy(function, order.versions());
        RolloutTable.put(
                session, new RolloutTable.Stored(function.account(), function.name(), next.revision(), now, rollout));
        return next;
    }

    /** What the nodes of its groups have, all nodes get. */
    FunctionTable.Stored proceed(FunctionTable.Stored function, RolloutTable.Stored staged) {
        FunctionTable.Stored next = publish(function, staged.rollout().versions(), null);
        boolean watched = staged.rollout().rollbackOn() != null;
        RolloutTable.put(
                session,
                staged.in(watched ? RolloutTable.WATCHING : RolloutTable.DONE, null, now, !watched)
                        .at(next.revision()));
        return next;
    }

    /** What had the traffic before has it again. */
    FunctionTable.Stored back(
            FunctionTable.Stored function, RolloutTable.Stored active, String state, @Nullable String reason) {
        FunctionTable.Stored next = publish(function, active.rollout().before(), null);
        RolloutTable.put(session, active.in(state, reason, now, true).at(next.revision()));
        return next;
    }

    private Optional<RolloutTable.Stored> rollout(FunctionTable.Stored function) {
        return RolloutTable.find(session, function.account(), function.name());
    }

    private FunctionTable.Stored publish(FunctionTable.Stored function, List<Share> shares, @Nullable Rollout staged) {
        Map<String, String> sealed = SecretTable.sealed(session, function.account(), function.name());
        List<Problem> problems = new ArrayList<>();
        List<Deployed> deployed = deployed(function, shares, sealed.keySet(), problems);
        List<Deployed> first =
                staged == null ? List.of() : deployed(function, staged.versions(), sealed.keySet(), problems);
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        Reach reach = new Reach(session, function.account());
        List<LogTable.Change> changes = reach.uses(
                function.name(),
                Stream.concat(deployed.stream(), first.stream())
                        .map(Deployed::manifest)
                        .toList());
        changes.add(SealedEntries.put(
                new FunctionEntry(
                        function.account(),
                        function.name(),
                        function.incarnation(),
                        deployed,
                        staged == null ? null : new Staged(staged.groups(), first)),
                sealed,
                reach.function(function.name())));
        long revision = LogTable.append(session, changes);
        FunctionTable.replaceShares(session, function, shares);
        FunctionTable.Stored next = new FunctionTable.Stored(
                function.account(),
                function.name(),
                function.incarnation(),
                function.version(),
                revision,
                function.vars());
        FunctionTable.update(session, next, now);
        return next;
    }

    private List<Deployed> deployed(
            FunctionTable.Stored function, List<Share> shares, Set<String> secrets, List<Problem> problems) {
        List<Deployed> deployed = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            Optional<FunctionTable.Version> version = FunctionTable.version(session, function, share.version());
            if (version.isEmpty()) {
                problems.add(new Problem(
                        "versions[" + i + "].version",
                        Integer.toString(share.version()),
                        "no such version is kept",
                        "choose one of GET /v1/functions/" + function.name() + "/versions"));
            } else {
                FunctionManifest manifest = manifest(version.get());
                // The same name may clash in both versions of a split; it is told once.
                manifest.nameMistakes(function.vars(), secrets).stream()
                        .filter(problem -> !problems.contains(problem))
                        .forEach(problems::add);
                deployed.add(new Deployed(
                        share.version(), share.percent(), version.get().sha256(), withVars(manifest, function.vars())));
            }
        }
        return deployed;
    }

    static FunctionManifest manifest(FunctionTable.Version version) {
        return Call.value(FunctionManifest.read(version.manifest()));
    }

    static FunctionManifest withVars(FunctionManifest manifest, Map<String, String> vars) {
        Map<String, String> all = new HashMap<>(manifest.vars());
        all.putAll(vars);
        return manifest.withVars(all);
    }
}
