package dev.verge.load.jmh.decisions;

import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.NextRouting;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.SiteDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a host to its site, beside one map of all hosts. Hosts are asked for at random, as strings of their own that have been asked for
 * before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class RoutingBenchmark {
    /** Questions asked before they repeat; a power of two. */
    private static final int QUESTIONS = 1 << 14;

    @Param({"1", "1000", "100000"})
    int sites = 1;

    private Routing routing;
    private final Map<String, Site> map = new HashMap<>();
    private final String[] exact = new String[QUESTIONS];
    private final String[] below = new String[QUESTIONS];
    private final String[] unknown = new String[QUESTIONS];
    private int cursor;

    @Setup
    public void prepare() {
        SiteDocument sample = SiteDocument.read("""
                        site: sample
                        hosts: [sample.test]
                        pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
                        """).orThrow();
        NextRouting next = Routing.EMPTY.next();
        for (int i = 0; i < sites; i++) {
            Site site = site("s" + i, List.of(host("www.s", i), "*." + host("w", i)), sample);
            next.put(site);
            map.put(host("www.s", i), site);
        }
        routing = next.build();
        var random = new SplittableRandom(1);
        for (int i = 0; i < QUESTIONS; i++) {
            int number = random.nextInt(sites);
            exact[i] = host("www.s", number);
            below[i] = host("shop.w", number);
            unknown[i] = host("www.u", number);
        }
    }

    /** Of equal length whatever the number, so that only the number of sites differs. */
    private static String host(String name, int number) {
        return "%s%06d.example".formatted(name, number);
    }

    /** The sample's document but for its hosts: reading a hundred thousand would take longer than all that is measured. */
    private static Site site(String name, List<String> hosts, SiteDocument sample) {
        var document = new SiteDocument(
                name,
                hosts.stream().map(HostPattern::parse).toList(),
                sample.tls(),
                sample.pools(),
                sample.cache(),
                sample.functions(),
                sample.defaultPool(),
                sample.debug(),
                sample.rules(),
                sample.errorPages(),
                sample.placement());
        return new Site("default", name, "1", 1, document, SiteRules.compile("default/" + name, document), Map.of());
    }

    private String next(String[] asked) {
        return asked[cursor++ & (QUESTIONS - 1)];
    }

    @Benchmark
    public @Nullable Site exactHost() {
        return routing.find(next(exact));
    }

    @Benchmark
    public @Nullable Site wildcardHost() {
        return routing.find(next(below));
    }

    @Benchmark
    public @Nullable Site unknownHost() {
        return routing.find(next(unknown));
    }

    @Benchmark
    public @Nullable Site peerHashMap() {
        return map.get(next(exact));
    }
}
