package dev.verge.control.usage;

import dev.verge.control.api.Call;
import dev.verge.control.api.EventStream;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.replica.Peers;
import dev.verge.control.resource.FunctionUsage;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SiteUsage;
import dev.verge.control.resource.Traffic;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.Tails;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What happens on an account's sites and in its functions, second by second, summed over all nodes. */
public final class TrafficRoute {
    private static final int MOST_WATCHERS = 64;
    private static final int RETRY_SECONDS = 10;
    private static final Duration STEP = Duration.ofSeconds(1);

    /** Sites and versions that one event may tell of. */
    private static final int MOST_ROWS = 2_000;

    private final Vertx vertx;
    private final Peers peers;
    private final InstantSource clock;

    /** Traffic at the nodes of all peers. */
    public TrafficRoute(Vertx vertx, Peers peers, InstantSource clock) {
        this.vertx = vertx;
        this.peers = peers;
        this.clock = clock;
    }

    /** The declared route. */
    public Route route() {
        return Route.get(
                        "/traffic",
                        "watchTraffic",
                        Scope.READ,
                        "Live traffic as server-sent events, for an hour at most: once a second traffic with {at, sites, functions} as"
                                + " in a usage report, over all nodes; dropped with {records} where a slow caller missed some. With"
                                + " site or function, of that one alone.",
                        Route.Answer.events(),
                        this::watch)
                .reading("site", "function");
    }

    private Reply watch(Call call) {
        Optional<String> site = call.query("site");
        Optional<String> function = call.query("function");
        if (peers.watchers() >= MOST_WATCHERS) {
            throw Problems.unavailable(MOST_WATCHERS + " callers watch already.", RETRY_SECONDS);
        }
        Predicate<UsageKey> wanted = key -> (site.isEmpty() && function.isEmpty())
                || (key.kind() == UsageKey.Kind.SITE ? site : function)
                        .filter(key.name()::equals)
                        .isPresent();
        String account = call.account();
        return Reply.events(sink -> start(account, wanted, sink));
    }

    private Runnable start(String account, Predicate<UsageKey> wanted, EventStream.Sink sink) {
        Second second = new Second(wanted);
        Registration registration = peers.watch(account, LiveUsage.CHANNEL, seen -> {
            if (seen instanceof Tails.Seen.Run(String node, String json)) {
                second.add(LiveUsage.rows(json));
            }
        });
        long timer = vertx.setPeriodic(
                STEP.toMillis(), id -> sink.event("traffic", WireJson.text(second.take(clock.instant()))));
        return () -> {
            vertx.cancelTimer(timer);
            registration.close();
        };
    }

    /** What came since the last event. Thread-safe. */
    private static final class Second {
        private final Predicate<UsageKey> wanted;
        private Map<String, Map.Entry<UsageKey, UsageSum>> sums = new TreeMap<>();

        Second(Predicate<UsageKey> wanted) {
            this.wanted = wanted;
        }

        synchronized void add(List<UsageRow> rows) {
            for (UsageRow row : rows) {
                UsageKey key = row.key();
                String place = key.kind() + " " + key.name() + " " + key.version();
                if (wanted.test(key) && (sums.size() < MOST_ROWS || sums.containsKey(place))) {
                    sums.computeIfAbsent(place, absent -> Map.entry(key, new UsageSum()))
                            .getValue()
                            .add(row);
                }
            }
        }

        synchronized Traffic take(Instant at) {
            List<SiteUsage> sites = new ArrayList<>();
            List<FunctionUsage> functions = new ArrayList<>();
            for (Map.Entry<UsageKey, UsageSum> each : sums.values()) {
                if (each.getKey().kind() == UsageKey.Kind.SITE) {
                    sites.add(Lines.site(at, each.getKey(), each.getValue()));
                } else {
                    functions.add(Lines.function(at, each.getKey(), each.getValue()));
                }
            }
            sums = new TreeMap<>();
            return new Traffic(at, sites, functions);
        }
    }
}
