package dev.verge.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.rules.SiteRules;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.Keys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextRoutingTest {
    private static Site site(String name, int version, String hosts, String more) {
        SiteDocument document =
                SiteDocument.read("""
                        site: %s
                        hosts: [%s]
                        pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
                        %s
                        """.formatted(name, hosts, more)).orThrow();
        return new Site(
                "default", name, "one", version, document, SiteRules.compile("default/" + name, document), Map.of());
    }

    private static Routing with(Routing before, Site... sites) {
        NextRouting next = before.next();
        for (Site site : sites) {
            next.put(site);
        }
        return next.build();
    }

    private static Routing without(Routing before, String name) {
        NextRouting next = before.next();
        next.remove(Keys.site("default", name));
        return next.build();
    }

    /** Sites come, change their hosts, hand them over and go: hosts are always those of what is there. */
    @Test
    void changesLeadToWhatIsThere() {
        SplittableRandom random = new SplittableRandom(3);
        List<String> hosts = List.of("a.test", "b.test", "c.test", "*.a.test", "*.test", "x.a.test", "y.x.a.test");
        Routing routing = Routing.EMPTY;
        Map<String, Site> there = new TreeMap<>();
        Map<String, String> owners = new HashMap<>();
        for (int step = 0; step < 2_000; step++) {
            String name = "s" + random.nextInt(5);
            NextRouting next = routing.next();
            List<String> free = hosts.stream()
                    .filter(host -> owners.getOrDefault(host, name).equals(name) && random.nextBoolean())
                    .toList();
            owners.values().removeIf(name::equals);
            if (free.isEmpty()) {
                next.remove(Keys.site("default", name));
                there.remove(name);
            } else {
                Site site = site(name, step + 1, "\"" + String.join("\", \"", free) + "\"", "");
                next.put(site);
                there.put(name, site);
                free.forEach(host -> owners.put(host, name));
            }
            routing = next.build();
            for (String host :
                    List.of("a.test", "b.test", "c.test", "x.a.test", "z.a.test", "y.x.a.test", "q.test", "test")) {
                assertThat(routing.find(host)).as("%s at step %d", host, step).isSameAs(expected(there, host));
            }
            assertThat(routing.sites()).isEqualTo(there.size());
            assertThat(routing.all()).containsExactlyInAnyOrderElementsOf(there.values());
        }
    }

    private static @Nullable Site expected(Map<String, Site> there, String host) {
        Site best = null;
        int length = -1;
        for (Site site : there.values()) {
            for (HostPattern pattern : site.document().hosts()) {
                int matched = pattern.wildcard() ? pattern.text().length() : Integer.MAX_VALUE;
                if (pattern.matches(host) && matched > length) {
                    best = site;
                    length = matched;
                }
            }
        }
        return best;
    }

    @Test
    void aHostThatIsHandedOverInOneCommitIsTheNewOwnersInWhicheverOrder() {
        Site oldA = site("a", 1, "shared.test, a.test", "");
        Site oldB = site("b", 1, "b.test", "");
        Site newA = site("a", 2, "a.test", "");
        Site newB = site("b", 2, "b.test, shared.test", "");
        Routing before = with(Routing.EMPTY, oldA, oldB);
        assertThat(with(before, newA, newB).find("shared.test")).isSameAs(newB);
        assertThat(with(before, newB, newA).find("shared.test")).isSameAs(newB);
        assertThat(before.find("shared.test")).isSameAs(oldA);
    }

    @Test
    void termsAreTheSameUntilThereAreOthers() {
        Routing one = with(Routing.EMPTY, site("a", 1, "a.test", ""));
        assertThat(one.terms()).containsExactly(TlsTerms.OWN);
        Routing two = with(one, site("b", 1, "b.test", ""), site("a", 2, "a.test, c.test", ""));
        assertThat(two.terms()).isSameAs(one.terms());
        Routing strict = with(two, site("b", 2, "b.test", "tls: {minVersion: \"1.3\"}"));
        assertThat(strict.terms()).hasSize(2).contains(TlsTerms.OWN);
        assertThat(without(strict, "b").terms()).containsExactly(TlsTerms.OWN);
    }

    @Test
    void whatIsTrueOfASiteStaysTrueWhileOnlyOthersChange() {
        Site a = site("a", 1, "a.test", "");
        Routing one = with(Routing.EMPTY, a);
        Routing two = with(one, site("b", 1, "b.test", ""));
        assertThat(two.differsInSitesAtMost(one)).isTrue();
        assertThat(two.find("a.test")).isSameAs(a);
        NextRouting next = two.next();
        next.notOnlySites();
        assertThat(next.build().differsInSitesAtMost(one)).isFalse();
        assertThat(two.next().build()).isSameAs(two);
    }
}
