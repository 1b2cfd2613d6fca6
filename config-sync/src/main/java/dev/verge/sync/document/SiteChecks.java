package dev.verge.sync.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.cache.options.CacheOptions;
import dev.verge.sync.binding.Attempt;
import dev.verge.sync.binding.Nearest;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the fields of a site fit together. Works on what could be bound, so that these mistakes are reported along with the others;
 * names count as existing when they are written, right or wrong.
 */
final class SiteChecks {

    /** What public authorities put into one certificate. */
    private static final int MOST_NAMES = 100;

    private final JsonNode root;
    private final Attempt<SiteDocument> attempt;
    private final Set<String> pools;
    private final Set<String> functions;
    private final List<Problem> problems = new ArrayList<>();

    SiteChecks(JsonNode root, Attempt<SiteDocument> attempt) {
        this.root = root;
        this.attempt = attempt;
        this.pools = names(root.path("pools"));
        this.functions = names(root.path("functions"));
    }

    List<Problem> run() {
        hostsOnce();
        defaultPool();
        tls();
        ruleNamesOnce();
        cacheOverrides();
        for (Rule rule : attempt.all(Rule.class)) {
            new RuleChecks(rule, attempt.place(rule), pools, functions, !pools.isEmpty(), problems).run();
        }
        return problems;
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void hostsOnce() {
        Map<String, String> seen = new HashMap<>();
        for (HostPattern host : attempt.all(HostPattern.class)) {
            String place = attempt.place(host);
            if (!place.startsWith("hosts[")) {
                continue;
            }
            String first = seen.putIfAbsent(host.text(), place);
            if (first != null) {
                add(place, host.text(), "a host that stands once; it is also " + first, "remove one of the two");
            }
        }
    }

    private void defaultPool() {
        JsonNode written = root.path("defaultPool");
        if (written.isTextual()) {
            if (!pools.contains(written.textValue())) {
                add("defaultPool", written.textValue(), "the name of one of `pools`", fix(written.textValue(), pools));
            }
        } else if (written.isMissingNode() && pools.size() > 1) {
            add("defaultPool", "", "required with more than one pool", "add the name of one of `pools`");
        }
    }

    /** RFC 8555 §8.3 proves one name that can be asked for, so no wildcard and nothing that the world cannot look up. */
    private void tls() {
        JsonNode certificate = root.path("tls").path("certificate");
        if (!certificate.isTextual() || !certificate.textValue().equals(TlsOptions.AUTO)) {
            return;
        }
        int provable = 0;
        for (HostPattern host : attempt.all(HostPattern.class)) {
            String place = attempt.place(host);
            if (!place.startsWith("hosts[") || host.isLocal()) {
                continue;
            }
            if (host.wildcard()) {
                add(
                        place,
                        host.text(),
                        "`tls.certificate: auto` proves hosts over HTTP (HTTP-01), which no wildcard can be",
                        "name the hosts one by one, or upload a certificate and name it");
            }
            provable++;
        }
        if (provable == 0) {
            add(
                    "tls.certificate",
                    TlsOptions.AUTO,
                    "no host of the site is a name that the world can look up",
                    "add one, or leave it out to use the node's own certificate");
        } else if (provable > MOST_NAMES) {
            add(
                    "tls.certificate",
                    TlsOptions.AUTO,
                    "one certificate is for at most " + MOST_NAMES + " hosts, and the site has " + provable,
                    "make two sites of it, or upload a certificate and name it");
        }
    }

    /** Whether a partial policy makes sense shows only on top of the site's. */
    private void cacheOverrides() {
        SiteDocument document = attempt.value();
        CacheOptions base = document == null ? CacheOptions.DEFAULT : document.cache();
        for (Behaviour.CacheBy behaviour : attempt.all(Behaviour.CacheBy.class)) {
            try {
                behaviour.cache().applyTo(base);
            } catch (IllegalArgumentException refused) {
                String text = refused.getMessage() == null ? "does not fit the site's `cache`" : refused.getMessage();
                int semicolon = text.lastIndexOf("; ");
                add(
                        Paths.field(attempt.place(behaviour), "cache"),
                        "",
                        semicolon < 0 ? text : text.substring(0, semicolon),
                        semicolon < 0 ? "change it" : text.substring(semicolon + 2));
            }
        }
    }

    private void ruleNamesOnce() {
        Map<String, String> seen = new HashMap<>();
        for (Rule rule : attempt.all(Rule.class)) {
            String place = attempt.place(rule);
            String first = seen.putIfAbsent(rule.name(), place);
            if (first != null) {
                add(
                        Paths.field(place, "name"),
                        rule.name(),
                        "unique; " + first + " has the same name",
                        "rename one of the two");
            }
        }
    }

    static String fix(String name, Set<String> known) {
        return Nearest.fix(
                name,
                known,
                known.isEmpty()
                        ? "there is none: add one"
                        : "use one of "
                                + String.join(
                                        ", ", known.stream().sorted().limit(20).toList()));
    }

    private void add(String path, String value, String rule, String fix) {
        problems.add(new Problem(path, value, rule, fix));
    }
}
