package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The request rules of one location. */
final class LocationRules {
    /** Access that a document cannot check: what it guards stays closed rather than open. */
    private static final List<String> GUARDS = List.of(
            "auth_basic",
            "auth_request",
            "auth_jwt",
            "secure_link",
            "access_by_lua_block",
            "access_by_lua_file",
            "internal");

    /** Verge sends its own, which name the client and not the proxy before it. */
    private static final Set<String> OWN_FIELDS = Set.of(
            "host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "connection", "upgrade");

    private static final Set<String> FILES = Set.of("root", "alias", "try_files", "index");

    private final Notes notes;
    private final Pools pools;
    private final Rules rules;
    private final Map<String, Directive> zones;
    private final CacheTerms caching;
    private final Endings endings;

    /** @param zones {@code limit_req_zone} by name */
    LocationRules(Notes notes, Pools pools, Rules rules, Map<String, Directive> zones) {
        this.notes = notes;
        this.pools = pools;
        this.rules = rules;
        this.zones = zones;
        this.caching = new CacheTerms(notes);
        this.endings = new Endings(notes);
    }

    /** Adds the rules; gives the pool that the location's requests go to, if they go to one. */
    Optional<String> add(Location location, List<Location> all) {
        String stem = "loc-" + Terms.name(location.text().equals("/") ? "root" : location.text());
        Map<String, Object> when = location.when(all);
        Scope scope = location.scope();
        notes.done(location.directive());
        Access.rules(scope, notes)
                .forEach(access -> rules.add(stem + "-access", Rules.and(when, access), List.of(deny(403)), false));
        if (guarded(location, stem, when)) {
            return Optional.empty();
        }
        for (Directive each : scope.own("return")) {
            List<Map<String, Object>> before = limits(scope);
            for (Endings.Ending ending : endings.of(each)) {
                List<Map<String, Object>> behaviours = new ArrayList<>(before);
                behaviours.add(ending.behaviour());
                rules.add(stem, Rules.and(when, ending.when()), behaviours, false);
            }
            return Optional.empty();
        }
        bypass(scope, stem, when);
        Optional<Directive> pass = scope.own("proxy_pass").stream().findFirst();
        Optional<String> pool = pass.flatMap(each -> pools.pool(each, scope));
        if (pass.isEmpty() || pool.isEmpty()) {
            String reason = "answers 404 until an origin is named for it";
            if (scope.own("proxy_pass").isEmpty()) {
                notes.tell(location.directive(), "no proxy_pass: Verge serves no files, and " + reason);
            }
            scope.here().stream()
                    .filter(each -> FILES.contains(each.name()))
                    .forEach(each -> notes.tell(each, "Verge serves no files: the location " + reason));
            rules.add(stem, when, List.of(deny(404)), false);
            return Optional.empty();
        }
        List<Map<String, Object>> behaviours = new ArrayList<>(limits(scope));
        behaviours.addAll(shared(scope));
        rewrites(scope, stem, when, behaviours, pool.get());
        main(location, stem, when, behaviours, pass.get(), pool.get());
        return pool;
    }

    private boolean guarded(Location location, String stem, Map<String, Object> when) {
        for (String guard : GUARDS) {
            Optional<Directive> found = location.scope().one(guard);
            if (found.isPresent() && !found.get().argument(0).equals("off")) {
                notes.tell(
                        found.get(),
                        "who may pass is not translated, so what it guards answers 403: run a function there that decides");
                rules.add(stem + "-closed", when, List.of(deny(403)), false);
                location.scope()
                        .here()
                        .forEach(each -> notes.tell(each, "stands behind " + guard + ", which is not translated"));
                return true;
            }
        }
        return false;
    }

    private void main(
            Location location,
            String stem,
            Map<String, Object> when,
            List<Map<String, Object>> shared,
            Directive pass,
            String pool) {
        List<Map<String, Object>> behaviours = new ArrayList<>(shared);
        Map<String, Object> own = new LinkedHashMap<>(when);
        String address = pass.argument(0);
        int slash = address.indexOf('/', address.indexOf("://") + 3);
        if (slash >= 0) {
            String uri = address.substring(slash);
            if (location.kind().equals("=")) {
                behaviours.add(Map.of("rewrite", Map.of("path", uri)));
            } else if (location.isRegex()) {
                notes.tell(pass, "a path after the address of an expression: the path goes on as it came");
            } else {
                own.put("path", location.rest());
                behaviours.add(Map.of("rewrite", Map.of("path", uri + "${rest}")));
            }
        }
        behaviours.add(Map.of("pool", pool));
        rules.add(stem, own, behaviours, false);
    }

    /** {@code rewrite} within the location, each a rule before the location's own. */
    private void rewrites(
            Scope scope, String stem, Map<String, Object> when, List<Map<String, Object>> shared, String pool) {
        for (Directive each : scope.own("rewrite")) {
            rewrite(each, stem, when, shared, Map.of("pool", pool));
        }
    }

    /** Adds the rule of one {@code rewrite}; {@code last} is what follows it, empty to go on with later rules. */
    void rewrite(
            Directive rewrite,
            String stem,
            Map<String, Object> when,
            List<Map<String, Object>> before,
            Map<String, Object> last) {
        String to = rewrite.argument(1);
        String flag = rewrite.argument(2);
        Map<String, Object> matching = Rules.and(Map.of("path", "~" + Terms.named(rewrite.argument(0))), when);
        boolean away = to.matches("(https?://|\\$scheme).*");
        if (away || flag.equals("redirect") || flag.equals("permanent")) {
            for (Endings.Ending ending : endings.redirect(rewrite, to, flag.equals("permanent") ? 301 : 302)) {
                rules.add(stem + "-redirect", Rules.and(matching, ending.when()), List.of(ending.behaviour()), false);
            }
            return;
        }
        Optional<String> target = Terms.template(to, Terms.groups(rewrite.argument(0)));
        if (target.isEmpty()) {
            notes.tell(rewrite, "holds a variable that Verge does not know");
            return;
        }
        int question = target.get().indexOf('?');
        String path = question < 0 ? target.get() : target.get().substring(0, question);
        String query = question < 0 ? "" : target.get().substring(question + 1);
        // nginx adds the client's own arguments, unless the replacement ends with a question mark.
        boolean adds = !query.isEmpty();
        notes.done(rewrite);
        if (!flag.equals("break")) {
            notes.tell(rewrite, "translated, but the location stays that of the path before the rewrite");
        }
        if (adds) {
            rewritten(
                    stem,
                    Rules.and(matching, Map.of("expr", "size(request.query) > 0")),
                    before,
                    last,
                    path,
                    query + "&${query}");
            matching = Rules.and(matching, Map.of("expr", "size(request.query) == 0"));
        }
        rewritten(stem, matching, before, last, path, question < 0 ? null : query);
    }

    private void rewritten(
            String stem,
            Map<String, Object> when,
            List<Map<String, Object>> before,
            Map<String, Object> last,
            String path,
            @Nullable String query) {
        Map<String, Object> rewrite = new LinkedHashMap<>();
        rewrite.put("path", path);
        if (query != null) {
            rewrite.put("query", query);
        }
        List<Map<String, Object>> behaviours = new ArrayList<>(before);
        behaviours.add(Map.of("rewrite", rewrite));
        if (!last.isEmpty()) {
            behaviours.add(last);
        }
        rules.add(stem + "-rewrite", when, behaviours, last.isEmpty());
    }

    /** What every request of the location gets, wherever it goes. */
    private List<Map<String, Object>> shared(Scope scope) {
        List<Map<String, Object>> behaviours = new ArrayList<>();
        scope.one("gzip").ifPresent(each -> {
            notes.done(each);
            if (each.argument(0).equals("on")) {
                behaviours.add(Map.of("compress", true));
            }
        });
        requestFields(scope, behaviours);
        if (!caching.isOn(scope)) {
            behaviours.add(Map.of("bypassCache", true));
        } else {
            Map<String, Object> cache = caching.cache(scope);
            if (!cache.isEmpty()) {
                behaviours.add(Map.of("cache", cache));
            }
        }
        return behaviours;
    }

    private void requestFields(Scope scope, List<Map<String, Object>> behaviours) {
        Map<String, Object> set = new LinkedHashMap<>();
        List<String> remove = new ArrayList<>();
        for (Directive each : scope.all("proxy_set_header")) {
            String name = each.argument(0);
            String value = each.argument(1);
            if (OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
                if (!name.equalsIgnoreCase("host")) {
                    notes.tell(each, "not needed: Verge sends its own, and passes upgrades on");
                }
                continue;
            }
            Optional<String> template = Terms.template(value);
            if (template.isEmpty()) {
                notes.tell(each, "holds a variable that Verge does not know");
                continue;
            }
            notes.done(each);
            if (value.isEmpty()) {
                remove.add(name);
            } else {
                set.put(name, template.get());
            }
        }
        if (!set.isEmpty()) {
            behaviours.add(Map.of("setRequestHeader", set));
        }
        if (!remove.isEmpty()) {
            behaviours.add(Map.of("removeRequestHeader", remove));
        }
    }

    /** Requests that neither are answered from the cache nor fill it. */
    private void bypass(Scope scope, String stem, Map<String, Object> when) {
        List<Directive> both = new ArrayList<>(scope.all("proxy_cache_bypass"));
        both.addAll(scope.all("proxy_no_cache"));
        Set<String> seen = new java.util.LinkedHashSet<>();
        for (Directive each : both) {
            for (String variable : each.arguments()) {
                Optional<String> source = Sources.one(variable);
                if (source.isEmpty() || source.get().equals("client-ip")) {
                    notes.tell(each, variable + " cannot be asked for by name: write a rule with bypassCache");
                    continue;
                }
                notes.done(each);
                String[] parts = source.get().split(":", 2);
                if (seen.add(source.get())) {
                    Map<String, Object> asked = Map.of(parts[0], Map.of(parts[1], "~."));
                    rules.add(stem + "-bypass", Rules.and(when, asked), List.of(Map.of("bypassCache", true)), true);
                }
            }
        }
    }

    private List<Map<String, Object>> limits(Scope scope) {
        List<Map<String, Object>> limits = new ArrayList<>();
        for (Directive each : scope.all("limit_req")) {
            RateLimits.of(each, zones, notes).ifPresent(limit -> limits.add(Map.of("rateLimit", limit)));
        }
        return limits;
    }

    private static Map<String, Object> deny(int status) {
        return Map.of("deny", Map.of("status", status));
    }
}
