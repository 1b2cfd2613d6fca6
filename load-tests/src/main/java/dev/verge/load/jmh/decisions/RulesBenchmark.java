package dev.verge.load.jmh.decisions;

import dev.verge.node.rules.RequestPlan;
import dev.verge.node.rules.SiteRules;
import dev.verge.sync.document.SiteDocument;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the request rules of a site say, when the first of them holds, the last, or none; beside a loop over the prefixes of the same paths.
 * Every rule looks at the path, every other one at a field or a cookie besides.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class RulesBenchmark {
    /** Which rule holds. */
    public enum Holds {
        FIRST,
        LAST,
        NONE
    }

    @Param({"1", "10", "50"})
    int rules = 1;

    @Param
    Holds holds = Holds.FIRST;

    private SiteRules compiled;
    private BrowserRequest request;
    private String[] prefixes;

    @Setup
    public void prepare() {
        var text = new StringBuilder("""
                site: shop
                hosts: [shop.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
                rules:
                """);
        prefixes = new String[rules];
        for (int i = 0; i < rules; i++) {
            prefixes[i] = "/section-%02d/".formatted(i);
            String more =
                    i % 4 == 1 ? ", header: {Accept-Language: \"*de*\"}" : i % 4 == 3 ? ", cookie: {theme: dark}" : "";
            text.append("  - {name: r%d, when: {path: \"%s*\"%s}, do: [{setRequestHeader: {X-Section: \"%d\"}}]}\n"
                    .formatted(i, prefixes[i], more, i));
        }
        compiled = SiteRules.compile(
                "default/shop", SiteDocument.read(text.toString()).orThrow());
        String folder = switch (holds) {
            case FIRST -> prefixes[0];
            case LAST -> prefixes[rules - 1];
            case NONE -> "/elsewhere/";
        };
        request = new BrowserRequest(folder + "products/4711.html");
        int matched = requestRules().matched().size();
        if (matched != (holds == Holds.NONE ? 0 : 1)) {
            throw new IllegalStateException(matched + " rules hold");
        }
    }

    @Benchmark
    public RequestPlan requestRules() {
        return compiled.request(request, SiteRules.Entry.CLIENT);
    }

    @Benchmark
    public int peerPrefixes() {
        for (int i = 0; i < prefixes.length; i++) {
            if (request.path().startsWith(prefixes[i])) {
                return i;
            }
        }
        return -1;
    }
}
