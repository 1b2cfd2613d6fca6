package dev.verge.node.fast;

import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Caller;
import dev.verge.node.pipeline.NodeParts;
import dev.verge.node.pipeline.PlainHits;
import dev.verge.node.server.http1.HeadsAhead;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http2.StreamsAhead;
import dev.verge.node.server.plain.PlainWay;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** Gives each connection its handler, and each event loop the one short way that its connections share. */
public final class FastPaths {
    /** Targets, and heads of requests, that a node remembers: each loop has its share, down to some. */
    private static final int TARGETS = 32_768;

    private static final int HEADS = 8_192;
    private static final int LEAST = 1_024;

    private final NodeParts node;
    private final TieredCache cache;
    private final Clock clock;
    private final BooleanSupplier open;
    private final AtomicInteger active;
    private final LongAdder answered = new LongAdder();
    private final LongAdder plain = new LongAdder();
    private final FastThreadLocal<FastPath> ofLoop = new FastThreadLocal<>();
    private final FastThreadLocal<PlainWay> behind = new FastThreadLocal<>();

    /** @param open whether requests may be answered without a further look: the node neither goes out of service nor sheds load */
    public FastPaths(NodeParts node, BooleanSupplier open, MeterRegistry registry) {
        this.node = node;
        this.cache = node.cache();
        this.clock = node.clock();
        this.active = node.metrics().active();
        this.open = open;
        FunctionCounter.builder("verge.requests.fast", answered, LongAdder::sum)
                .description("Requests answered the short way; they count as requests, too")
                .register(registry);
        FunctionCounter.builder("verge.requests.plain", plain, LongAdder::sum)
                .description(
                        "Requests that went through all phases without the server library; they count as requests, too")
                .register(registry);
    }

    /** Says who answers, on the calling event loop, plain requests that have no answer ready. To be called before its connections. */
    public void answerElse(PlainWay way) {
        behind.set(way);
    }

    /**
     * A handler for a connection that speaks HTTP/1, to stand right behind its decoder. To be called on its event loop.
     *
     * @param caller whom its requests come from, unless a trusted peer says otherwise
     * @return empty for who shows a certificate: then requests are told apart by more than their targets
     */
    public Optional<HeadsAhead> handler(Channel channel, Caller caller, Http1Guard guard) {
        return showsCertificate(caller)
                ? Optional.empty()
                : Optional.of(new FastHandler(ofLoop(channel), new FastConnection(caller), guard));
    }

    /**
     * The same for a connection that speaks HTTP/2.
     *
     * @param requests that it may have
     */
    public Optional<StreamsAhead> streams(Channel channel, Caller caller, long requests) {
        return showsCertificate(caller)
                ? Optional.empty()
                : Optional.of(new FastStreams(ofLoop(channel), new FastConnection(caller), requests));
    }

    private static boolean showsCertificate(Caller caller) {
        return caller.tls() != null && !caller.tls().certificates().isEmpty();
    }

    private FastPath ofLoop(Channel channel) {
        FastPath path = ofLoop.get();
        if (path == null) {
            path = new FastPath(
                    new PlainHits(node),
                    cache,
                    clock,
                    open,
                    active,
                    answered,
                    behind.get(),
                    plain,
                    new Targets(share(TARGETS)),
                    new SeenHeads(share(HEADS)),
                    channel.eventLoop());
            ofLoop.set(path);
        }
        return path;
    }

    /** What one loop has of that, a power of two: there is a loop for each processor. */
    private static int share(int all) {
        return Math.max(LEAST, Integer.highestOneBit(all / Runtime.getRuntime().availableProcessors()));
    }
}
