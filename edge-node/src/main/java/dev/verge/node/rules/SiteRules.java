package dev.verge.node.rules;

import dev.verge.cache.options.CacheOptions;
import dev.verge.sync.document.Behaviour;
import dev.verge.sync.document.Behaviour.Phase;
import dev.verge.sync.document.Matcher;
import dev.verge.sync.document.Rule;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.order.SiteTrace.RuleStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The compiled rules of one site. In each phase the rules are tried in order; the first whose conditions hold decides, unless it
 * says {@code continue}, and an ending behaviour always decides. Conditions see the request as the client sent it, whatever an
 * earlier rule rewrote.
 */
public final class SiteRules {

    /** How a request came to the rules. */
    public enum Entry {
        CLIENT,
        /** A function's fetch of its own site: run, redirect, respond, deny and rateLimit are skipped, so no function runs again. */
        SUBREQUEST
    }

    private record Compiled(String name, Matcher matcher, List<Behaviour> behaviours, boolean goOn) {}

    private final String site;
    private final CacheOptions cache;
    private final List<Compiled> request;
    private final List<Compiled> response;
    private final KeyPolicies keyPolicies;
    private final boolean byTarget;

    private SiteRules(
            String site, CacheOptions cache, List<Compiled> request, List<Compiled> response, KeyPolicies keyPolicies) {
        this.site = site;
        this.cache = cache;
        this.request = request;
        this.response = response;
        this.keyPolicies = keyPolicies;
        this.byTarget = Stream.concat(request.stream(), response.stream())
                .allMatch(rule -> TargetRules.looksAtTarget(rule.matcher())
                        && rule.behaviours().stream().allMatch(TargetRules::isSameForAll));
    }

    /**
     * Compiles a document's rules.
     *
     * @param site identity of the site, the same over its versions and different between accounts; names its rate limits
     */
    public static SiteRules compile(String site, SiteDocument document) {
        return new SiteRules(
                site,
                document.cache(),
                phase(document, Phase.REQUEST),
                phase(document, Phase.RESPONSE),
                KeyPolicies.of(document));
    }

    private static List<Compiled> phase(SiteDocument document, Phase phase) {
        List<Compiled> compiled = new ArrayList<>();
        for (Rule rule : document.rules()) {
            if (rule.actsAt(phase)) {
                List<Behaviour> behaviours = rule.behaviours().stream()
                        .filter(behaviour -> behaviour.phase() == phase)
                        .toList();
                compiled.add(new Compiled(rule.name(), rule.matcher(), behaviours, rule.goOn()));
            }
        }
        return List.copyOf(compiled);
    }

    /** How URLs of this site become cache keys. */
    public KeyPolicies keyPolicies() {
        return keyPolicies;
    }

    /** Whether what the rules say hangs on nothing of a request but its scheme, host, target, method and the coding it gets. */
    public boolean goByTarget() {
        return byTarget;
    }

    /** Whether no rule acts on requests: then {@link #request} changes nothing. */
    public boolean hasNoRequestRules() {
        return request.isEmpty();
    }

    /** Whether no rule acts on responses. */
    public boolean hasNoResponseRules() {
        return response.isEmpty();
    }

    /**
     * What the rules say of a request, and how each of them came to it.
     *
     * @param plan what a client's request would get
     * @param status of the answer: an ending's own, or the assumed one
     */
    public record Traced(RequestPlan plan, int status, ResponsePlan response, List<RuleStep> steps) {
        public Traced {
            steps = List.copyOf(steps);
        }
    }

    /**
     * Explains a client's request.
     *
     * @param assumedStatus of the response, for the response rules, when no ending has one of its own
     */
    public Traced trace(RequestFacts facts, int assumedStatus) {
        RequestPlan plan = request(facts, Entry.CLIENT);
        int status = switch (plan.ending()) {
            case Ending.Redirect redirect -> redirect.status();
            case Ending.Respond respond -> respond.status();
            case Ending.Deny deny -> deny.status();
            case Ending.Pass _, Ending.Run _ -> assumedStatus;
        };
        ResponsePlan after = response(facts, status);
        List<RuleStep> steps = new ArrayList<>();
        explain(request, "request", facts, 0, plan.matched(), steps);
        explain(response, "response", facts, status, after.matched(), steps);
        return new Traced(plan, status, after, steps);
    }

    private static void explain(
            List<Compiled> rules,
            String phase,
            RequestFacts facts,
            int status,
            List<String> matched,
            List<RuleStep> steps) {
        Explanation explanation = new Explanation(facts, status);
        Conditions conditions = new Conditions(facts, status);
        boolean decided = false;
        for (Compiled rule : rules) {
            if (decided) {
                steps.add(new RuleStep(rule.name(), phase, "skipped", "rule " + matched.getLast() + " decided"));
            } else if (conditions.hold(rule.matcher())) {
                steps.add(new RuleStep(rule.name(), phase, "matched", ""));
                decided = !rule.goOn() || rule.behaviours().stream().anyMatch(Behaviour::ends);
            } else {
                steps.add(new RuleStep(rule.name(), phase, "not-matched", explanation.of(rule.matcher())));
            }
        }
    }

    /** What the rules say of a request. */
    public RequestPlan request(RequestFacts facts, Entry entry) {
        PlanBuilder plan = new PlanBuilder(site, cache, facts, entry);
        Conditions conditions = new Conditions(facts, 0);
        for (Compiled rule : request) {
            if (conditions.hold(rule.matcher())) {
                plan.take(rule.name(), rule.behaviours(), conditions.groups());
                if (plan.hasEnded() || !rule.goOn()) {
                    break;
                }
            }
        }
        return plan.build(conditions.expressionErrors());
    }

    /** What the rules say of the response with that status to the request. */
    public ResponsePlan response(RequestFacts facts, int status) {
        if (response.isEmpty()) {
            return ResponsePlan.NOTHING;
        }
        List<FieldChanges.Change> changes = new ArrayList<>();
        List<String> matched = new ArrayList<>();
        Conditions conditions = new Conditions(facts, status);
        for (Compiled rule : response) {
            if (!conditions.hold(rule.matcher())) {
                continue;
            }
            matched.add(rule.name());
            TemplateValues values = new TemplateValues(facts, conditions.groups());
            for (Behaviour behaviour : rule.behaviours()) {
                if (behaviour instanceof Behaviour.SetResponseHeader set) {
                    set.headers()
                            .forEach((name, value) ->
                                    changes.add(new FieldChanges.Set(name.toString(), values.forField(value))));
                } else if (behaviour instanceof Behaviour.RemoveResponseHeader remove) {
                    remove.headers().forEach(name -> changes.add(new FieldChanges.Remove(name.toString())));
                }
            }
            if (!rule.goOn()) {
                break;
            }
        }
        return matched.isEmpty() && conditions.expressionErrors() == 0
                ? ResponsePlan.NOTHING
                : new ResponsePlan(new FieldChanges(changes), matched, conditions.expressionErrors());
    }
}
