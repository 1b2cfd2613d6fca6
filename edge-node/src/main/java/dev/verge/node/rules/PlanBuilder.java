package dev.verge.node.rules;

import dev.verge.cache.options.CacheOptions;
import dev.verge.sync.document.Behaviour;
import dev.verge.sync.document.Behaviour.RunAt;
import dev.verge.sync.document.FieldName;
import dev.verge.sync.document.RateKey;
import dev.verge.sync.document.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what the matching rules say of one request, in their order. */
final class PlanBuilder {
    private static final Ending PASS = new Ending.Pass();

    private final String site;
    private final RequestFacts facts;
    private final boolean subrequest;
    private final List<RateCheck> rateChecks = new ArrayList<>(0);
    private final List<FieldChanges.Change> fields = new ArrayList<>(0);
    private final List<String> matched = new ArrayList<>(1);
    private final StringBuilder variant = new StringBuilder(0);
    private Ending ending = PASS;
    private @Nullable String pool;
    private @Nullable String missFunction;
    private CacheOptions cache;
    private boolean bypassCache;
    private boolean rewritten;
    private String path;
    private @Nullable String query;

    PlanBuilder(String site, CacheOptions cache, RequestFacts facts, SiteRules.Entry entry) {
        this.site = site;
        this.cache = cache;
        this.facts = facts;
        this.subrequest = entry == SiteRules.Entry.SUBREQUEST;
        this.path = facts.path();
        this.query = facts.query();
    }

    boolean hasEnded() {
        return !ending.equals(PASS);
    }

    void take(String rule, List<Behaviour> behaviours, Map<String, String> groups) {
        matched.add(rule);
        TemplateValues values = new TemplateValues(facts, groups);
        int limits = 0;
        for (Behaviour behaviour : behaviours) {
            switch (behaviour) {
                case Behaviour.ToPool(String name) -> pool = name;
                case Behaviour.Run(String function, RunAt at) -> run(function, at);
                case Behaviour.CacheBy(var override) -> cache = override.applyTo(cache);
                case Behaviour.BypassCache _ -> bypassCache = true;
                case Behaviour.Redirect(Template to, int status) -> end(new Ending.Redirect(status, values.forUrl(to)));
                case Behaviour.Rewrite rewrite -> rewrite(rewrite, values);
                case Behaviour.Respond respond -> end(respond(respond, values));
                case Behaviour.Deny(int status) -> end(new Ending.Deny(status));
                case Behaviour.SetRequestHeader(Map<FieldName, Template> headers) ->
                    headers.forEach((name, value) -> {
                        fields.add(new FieldChanges.Set(name.toString(), values.forField(value)));
                        part('s', name.lowerCase());
                        part('v', values.withoutRequestId().forField(value));
                    });
                case Behaviour.RemoveRequestHeader(List<FieldName> names) ->
                    names.forEach(name -> {
                        fields.add(new FieldChanges.Remove(name.toString()));
                        part('r', name.lowerCase());
                    });
                case Behaviour.RateLimit limit -> limit(rule, limits++, limit);
                case Behaviour.SetResponseHeader _, Behaviour.RemoveResponseHeader _, Behaviour.Compress _ ->
                    throw new IllegalStateException("not of the request phase: " + behaviour);
            }
        }
    }

    private void end(Ending how) {
        if (!subrequest) {
            ending = how;
        }
    }

    private void run(String function, RunAt at) {
        switch (at) {
            case REQUEST -> end(new Ending.Run(function));
            case MISS -> missFunction = subrequest ? null : function;
        }
    }

    private void rewrite(Behaviour.Rewrite rewrite, TemplateValues values) {
        rewritten = true;
        Template newPath = rewrite.path();
        if (newPath != null) {
            path = values.forUrl(newPath).replace("?", "%3F");
        }
        Template newQuery = rewrite.query();
        if (newQuery != null) {
            String rendered = values.forUrl(newQuery);
            query = rendered.isEmpty() ? null : rendered;
        }
    }

    private static Ending respond(Behaviour.Respond respond, TemplateValues values) {
        List<FieldChanges.Set> answer = new ArrayList<>(respond.headers().size());
        boolean markup = false;
        for (Map.Entry<FieldName, Template> field : respond.headers().entrySet()) {
            String value = values.forField(field.getValue());
            answer.add(new FieldChanges.Set(field.getKey().toString(), value));
            if (field.getKey().lowerCase().equals("content-type")) {
                String type = value.toLowerCase(Locale.ROOT);
                markup = type.contains("html") || type.contains("xml");
            }
        }
        Template body = respond.body();
        String text = body == null ? "" : markup ? values.forMarkup(body) : values.forText(body);
        return new Ending.Respond(respond.status(), answer, text);
    }

    private void limit(String rule, int index, Behaviour.RateLimit limit) {
        if (subrequest) {
            return;
        }
        rateChecks.add(new RateCheck(
                new RateCheck.Rule(site, rule, index),
                limitedBy(limit.by()),
                limit.requests(),
                limit.per(),
                limit.burstOrDefault()));
    }

    private String limitedBy(RateKey key) {
        String name = key.name() == null ? "" : key.name();
        return switch (key.kind()) {
            case CLIENT_IP -> facts.clientAddress().getHostAddress();
            case HOST -> facts.host();
            case SITE -> "";
            case HEADER -> String.join(", ", facts.header(name));
            case COOKIE -> {
                String cookie = RequestValues.cookie(facts, name);
                yield cookie == null ? "" : cookie;
            }
        };
    }

    RequestPlan build(int expressionErrors) {
        return new RequestPlan(
                ending,
                rateChecks,
                pool,
                missFunction,
                cache,
                bypassCache,
                path,
                query,
                fields.isEmpty() ? FieldChanges.NONE : new FieldChanges(fields),
                originVariant(),
                matched,
                expressionErrors);
    }

    /**
     * Everything about the origin request that rules decided, spelled out: a rule's conditions may have looked at any field, cookie
     * or address, which a key of URL and host alone would not tell apart.
     */
    private @Nullable String originVariant() {
        if (pool != null) {
            part('p', pool);
        }
        if (missFunction != null) {
            part('f', missFunction);
        }
        if (rewritten) {
            part('u', path);
            part('q', query == null ? "" : query);
        }
        return variant.isEmpty() ? null : variant.toString();
    }

    /** Parts are length-prefixed, so that no value can pose as another part. */
    private void part(char kind, String value) {
        variant.append(kind).append(value.length()).append(':').append(value);
    }
}
