package dev.verge.sync.document;

import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the parts of one rule fit together and with the names of its site. */
final class RuleChecks {

    private final Rule rule;
    private final String place;
    private final Set<String> pools;
    private final Set<String> functions;
    private final boolean hasOrigin;
    private final List<Problem> problems;
    private final Set<String> groups = new HashSet<>();

    RuleChecks(
            Rule rule,
            String place,
            Set<String> pools,
            Set<String> functions,
            boolean hasOrigin,
            List<Problem> problems) {
        this.rule = rule;
        this.place = place;
        this.pools = pools;
        this.functions = functions;
        this.hasOrigin = hasOrigin;
        this.problems = problems;
    }

    void run() {
        collectGroups(rule.when());
        List<Behaviour> behaviours = rule.behaviours();
        for (int i = 0; i < behaviours.size(); i++) {
            behaviour(behaviours.get(i), Paths.element(Paths.field(place, "do"), i));
        }
        order(behaviours);
        if (rule.when().usesStatus() && rule.actsAt(Behaviour.Phase.REQUEST)) {
            add(
                    Paths.field(place, "do"),
                    "",
                    "only behaviours about the response, since the rule asks for a status",
                    "move the others to a rule without `status`");
        }
    }

    /** Groups of the positive path conditions; what stands in `any` may be absent and is then empty, `not` gives none. */
    private void collectGroups(When when) {
        if (when.path() != null) {
            when.path().forEach(path -> groups.addAll(path.groups()));
        }
        if (when.any() != null) {
            when.any().forEach(this::collectGroups);
        }
    }

    private void behaviour(Behaviour behaviour, String path) {
        switch (behaviour) {
            case Behaviour.ToPool(String pool) -> reference(Paths.field(path, "pool"), pool, "pools", pools);
            case Behaviour.Run(String function, Behaviour.RunAt at) ->
                reference(Paths.field(path, "run"), function, "functions", functions);
            case Behaviour.Redirect(Template to, int status) -> {
                template(Paths.field(Paths.field(path, "redirect"), "to"), to);
                target(Paths.field(Paths.field(path, "redirect"), "to"), to);
            }
            case Behaviour.Rewrite rewrite -> rewrite(rewrite, Paths.field(path, "rewrite"));
            case Behaviour.Respond respond -> {
                String below = Paths.field(path, "respond");
                headers(Paths.field(below, "headers"), respond.headers());
                if (respond.body() != null) {
                    template(Paths.field(below, "body"), respond.body());
                }
            }
            case Behaviour.SetRequestHeader(Map<FieldName, Template> headers) ->
                headers(Paths.field(path, "setRequestHeader"), headers);
            case Behaviour.SetResponseHeader(Map<FieldName, Template> headers) ->
                headers(Paths.field(path, "setResponseHeader"), headers);
            case Behaviour.RemoveRequestHeader(List<FieldName> headers) ->
                names(Paths.field(path, "removeRequestHeader"), headers);
            case Behaviour.RemoveResponseHeader(List<FieldName> headers) ->
                names(Paths.field(path, "removeResponseHeader"), headers);
            case Behaviour.Compress b -> {}
            case Behaviour.CacheBy b -> {}
            case Behaviour.BypassCache b -> {}
            case Behaviour.Deny b -> {}
            case Behaviour.RateLimit b -> {}
        }
    }

    private void rewrite(Behaviour.Rewrite rewrite, String path) {
        Template to = rewrite.path();
        if (to != null) {
            String place = Paths.field(path, "path");
            template(place, to);
            Template.@Nullable Part first =
                    to.parts().isEmpty() ? null : to.parts().getFirst();
            boolean slash = first instanceof Template.Literal(String text)
                    ? text.startsWith("/")
                    : first instanceof Template.Variable(Template.Builtin name) && name == Template.Builtin.PATH;
            if (!slash) {
                add(place, to.toString(), "a path that begins with /", "write /" + to);
            }
        }
        if (rewrite.query() != null) {
            template(Paths.field(path, "query"), rewrite.query());
        }
    }

    /** A redirect goes to a path or an absolute http(s) URL whose host no client can choose by a variable at its very start. */
    private void target(String path, Template to) {
        Template.@Nullable Part first = to.parts().isEmpty() ? null : to.parts().getFirst();
        boolean good = switch (first) {
            case null -> false;
            case Template.Literal(String text) ->
                (text.startsWith("/") && !text.startsWith("//"))
                        || text.matches("(?s)https?://.*")
                        || text.startsWith("?");
            case Template.Variable(Template.Builtin name) ->
                name == Template.Builtin.SCHEME || name == Template.Builtin.PATH;
            case Template.Lookup l -> false;
            case Template.Group g -> false;
        };
        if (!good) {
            add(path, to.toString(), "an absolute URL (https://…) or a path (/…)", "begin it with https:// or /");
        }
    }

    private void headers(String path, Map<FieldName, Template> headers) {
        headers.forEach((name, value) -> {
            String place = Paths.field(path, name.toString());
            protectedName(place, name);
            template(place, value);
            for (Template.Part part : value.parts()) {
                if (part instanceof Template.Literal(String text)
                        && text.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f || c > 0xff)) {
                    add(
                            place,
                            value.toString(),
                            "a header value without line breaks and control characters, in Latin-1",
                            "remove them");
                    break;
                }
            }
        });
    }

    private void names(String path, List<FieldName> headers) {
        for (int i = 0; i < headers.size(); i++) {
            protectedName(Paths.element(path, i), headers.get(i));
        }
    }

    private void protectedName(String path, FieldName name) {
        if (name.isProtected()) {
            add(
                    path,
                    name.toString(),
                    "a field that rules may touch; this one belongs to the connection or guards against loops",
                    "remove it");
        }
    }

    private void template(String path, Template template) {
        for (String group : template.groups().stream().sorted().toList()) {
            if (!groups.contains(group)) {
                List<String> known = new ArrayList<>(groups);
                for (Template.Builtin builtin : Template.Builtin.values()) {
                    known.add(builtin.written());
                }
                add(
                        path,
                        template.toString(),
                        "only known variables and named groups of the rule's path; ${" + group + "} is neither",
                        dev.verge.sync.binding.Nearest.fix(group, known, "use one of " + String.join(", ", known)));
            }
        }
    }

    private void reference(String path, String name, String block, Set<String> known) {
        if (!known.contains(name)) {
            add(path, name, "the name of one of `" + block + "`", SiteChecks.fix(name, known));
        }
    }

    private void order(List<Behaviour> behaviours) {
        int ends = 0;
        for (int i = 0; i < behaviours.size(); i++) {
            if (behaviours.get(i).ends()) {
                ends++;
                boolean requestAfter = behaviours.stream()
                        .skip(i + 1L)
                        .anyMatch(b -> b.phase() == Behaviour.Phase.REQUEST && !b.ends());
                if (requestAfter) {
                    add(
                            Paths.element(Paths.field(place, "do"), i),
                            "",
                            "last of the rule, since it answers the request",
                            "move it to the end");
                }
            }
        }
        if (ends > 1) {
            add(Paths.field(place, "do"), "", "at most one of run, redirect, respond, deny", "make a rule for each");
        }
        boolean atMiss =
                behaviours.stream().anyMatch(b -> b instanceof Behaviour.Run run && run.at() == Behaviour.RunAt.MISS);
        boolean needsOrigin =
                !hasOrigin && !atMiss && ends == 0 && rule.actsAt(Behaviour.Phase.REQUEST) && !rule.goOn();
        if (needsOrigin && behaviours.stream().anyMatch(b -> b instanceof Behaviour.CacheBy)) {
            add(
                    Paths.field(place, "do"),
                    "",
                    "an origin to cache from, but the site has no pool",
                    "add a pool, or run a function");
        }
    }

    private void add(String path, String value, String rule, String fix) {
        problems.add(new Problem(path, value, rule, fix));
    }
}
