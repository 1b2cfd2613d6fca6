package dev.verge.node.rules;

import dev.verge.cache.options.CacheOptions;
import dev.verge.node.compress.AcceptEncoding;
import dev.verge.node.compress.Coding;
import dev.verge.node.compress.Compressible;
import dev.verge.sync.document.Behaviour;
import dev.verge.sync.document.Behaviour.RunAt;
import dev.verge.sync.document.FieldName;
import dev.verge.sync.document.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers what the matching rules say of one request, in their order. */
final class PlanBuilder {
    private static final Ending PASS = new Ending.Pass();

    private static final Pattern LEADING_SLASHES = Pattern.compile("^/+");

    /** A {@code .} or {@code ..} segment, percent-encoded ones included (URL Standard, double-dot URL path segment). */
    private static final Pattern CLIMBS =
            Pattern.compile("(?:^|[/\\\\]|%2f|%5c)(?:\\.|%2e){1,2}(?:$|[/\\\\;]|%2f|%5c)", Pattern.CASE_INSENSITIVE);

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
    private boolean compress;
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
                case Behaviour.Redirect(Template to, int status) ->
                    end(new Ending.Redirect(status, location(to, values)));
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
                case Behaviour.Compress(boolean wanted) -> compress = wanted;
                case Behaviour.SetResponseHeader _, Behaviour.RemoveResponseHeader _ ->
                    throw new IllegalStateException("not of the request phase: " + behaviour);
            }
        }
    }

    private void end(Ending how) {
        if (!subrequest && !hasEnded()) {
            ending = how;
        }
    }

    private void run(String function, RunAt at) {
        switch (at) {
            case REQUEST -> end(new Ending.Run(function));
            case MISS -> missFunction = subrequest ? null : function;
        }
    }

    /** Where a redirect goes; a path stays one, whatever a client puts behind its slash: {@code //HOST} would be another host. */
    private static String location(Template to, TemplateValues values) {
        String location = values.forUrl(to);
        boolean toPath = location.startsWith("//") && !to.toString().startsWith("//");
        return toPath ? LEADING_SLASHES.matcher(location).replaceFirst("/") : location;
    }

    private void rewrite(Behaviour.Rewrite rewrite, TemplateValues values) {
        rewritten = true;
        Template newPath = rewrite.path();
        if (newPath != null) {
            path = values.forUrl(newPath).replace("?", "%3F");
            if (CLIMBS.matcher(path).find()
                    && !CLIMBS.matcher(newPath.toString()).find()) {
                // What a client chose would lead out of where the rule sends it. Refused to functions' fetches too.
                ending = new Ending.Deny(400);
            }
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
                RateSubject.of(limit.by(), facts),
                limit.requests(),
                limit.per(),
                limit.burstOrDefault()));
    }

    RequestPlan build(int expressionErrors) {
        @Nullable Coding coding = coding();
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
                null,
                List.of(),
                coding,
                matched,
                expressionErrors);
    }

    /**
     * Reduces the client's preferences to one coding: for the origin, and for the cache, which tells variants apart by it. Ranges are
     * of the uncompressed content: one that a client would have to get compressed is not heard (RFC 9110 §14.2).
     */
    private @Nullable Coding coding() {
        if (!compress || subrequest || Compressible.forbidsTransform(facts.header("cache-control"))) {
            return null;
        }
        AcceptEncoding accepted = AcceptEncoding.of(facts.header("accept-encoding"));
        boolean range = !facts.header("range").isEmpty();
        Coding coding = range && accepted.takesIdentity() ? Coding.IDENTITY : accepted.coding();
        fields.add(new FieldChanges.Set("accept-encoding", coding.word()));
        if (range && coding != Coding.IDENTITY) {
            fields.add(new FieldChanges.Remove("range"));
            fields.add(new FieldChanges.Remove("if-range"));
        }
        // What was stored while nothing was compressed does not say what it varies on.
        part('c', "");
        return coding;
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
