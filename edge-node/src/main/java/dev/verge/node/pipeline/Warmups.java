package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.ResponseSink;
import dev.verge.node.site.Routing;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteWarmup;
import dev.verge.sync.order.WarmupOrder;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Fetches URLs as clients would, so that they are cached when clients come. Each goes the whole way of a request: rules, limits and quotas
 * hold, functions run, and it is logged and counted, as a request from this host. All warm-ups of a node share a few turns, since its
 * clients come first. On one event loop.
 */
final class Warmups {
    /** Requests under way at a time, of all orders. */
    static final int AT_ONCE = 4;

    /** Content that one order may read, in bytes. */
    static final long MOST_BYTES = 1L << 30;

    /** How long one request may take. */
    private static final Duration EACH = Duration.ofSeconds(60);

    /** How long an order may take; within what the control plane waits for it. */
    private static final Duration WHOLE = Duration.ofMinutes(4);

    private static final String AGENT = "Verge-Warmup";

    private final Context context;
    private final RequestPipeline pipeline;
    private final Supplier<Routing> routing;
    private final Clock clock;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Warmups(Context context, RequestPipeline pipeline, Supplier<Routing> routing, Clock clock) {
        this.context = context;
        this.pipeline = pipeline;
        this.routing = routing;
        this.clock = clock;
    }

    /** What may yet be read and waited for by one order. */
    private static final class Budget {
        private final long endNanos = System.nanoTime() + WHOLE.toNanos();
        private long bytes = MOST_BYTES;

        String used() {
            if (bytes <= 0) {
                return "the order has read " + MOST_BYTES + " bytes, as many as it may";
            }
            return System.nanoTime() - endNanos >= 0 ? "the order has taken " + WHOLE.toSeconds() + " s" : "";
        }
    }

    /** Carries it out; the result's body is a {@link SiteWarmup}. */
    Future<OrderResult> carryOut(String account, WarmupOrder order) {
        HttpFields.Builder fields = OrderedUrl.fields(order.headers().stream()
                .filter(field -> !field.name().equalsIgnoreCase("host"))
                .toList());
        if (order.headers().stream().noneMatch(field -> field.name().equalsIgnoreCase("user-agent"))) {
            fields.add("user-agent", AGENT);
        }
        HttpFields common = fields.build();
        Budget budget = new Budget();
        List<Future<SiteWarmup.WarmupResult>> results = new ArrayList<>();
        for (String url : order.urls()) {
            Promise<SiteWarmup.WarmupResult> result = Promise.promise();
            results.add(result.future());
            waiting.add(() -> {
                String used = budget.used();
                Future<SiteWarmup.WarmupResult> fetched =
                        used.isEmpty() ? fetch(account, order.site(), url, common, budget) : failed(used);
                fetched.onComplete(end -> {
                    running--;
                    next();
                    result.handle(end);
                });
            });
        }
        next();
        return Future.all(results).map(all -> answer(all.list()));
    }

    private void next() {
        while (running < AT_ONCE && !waiting.isEmpty()) {
            running++;
            waiting.remove().run();
        }
    }

    private Future<SiteWarmup.WarmupResult> fetch(
            String account, String site, String text, HttpFields common, Budget budget) {
        OrderedUrl url;
        try {
            url = OrderedUrl.of(routing.get(), account, site, text);
        } catch (IllegalArgumentException wrong) {
            return failed(String.valueOf(wrong.getMessage()));
        }
        Taker taker = new Taker(budget);
        long timer = context.owner()
                .setTimer(
                        EACH.toMillis(),
                        id -> context.runOnContext(v -> taker.stop("it took longer than " + EACH.toSeconds() + " s")));
        HttpFields fields =
                common.toBuilder().set("host", url.url().getRawAuthority()).build();
        pipeline.handle(url.request("GET", NetUtil.LOCALHOST, fields, clock.instant(), System.nanoTime()), taker);
        return taker.result.future().onComplete(end -> context.owner().cancelTimer(timer));
    }

    private static Future<SiteWarmup.WarmupResult> failed(String reason) {
        return Future.succeededFuture(new SiteWarmup.WarmupResult(0, "", 0, 0, cut(reason)));
    }

    private static String cut(String text) {
        return text.length() > 1_000 ? text.substring(0, 1_000) : text;
    }

    private static OrderResult answer(List<SiteWarmup.WarmupResult> results) {
        byte[] json = RecordJson.write(new SiteWarmup(results)).toString().getBytes(StandardCharsets.UTF_8);
        return new OrderResult("ok", 0, 200, List.of(), Base64.getEncoder().encodeToString(json), false, 0, 0, "");
    }

    /** Reads a response to its end and keeps nothing of it. */
    private static final class Taker implements ResponseSink {
        private final Promise<SiteWarmup.WarmupResult> result = Promise.promise();
        private final Promise<Sent> sent = Promise.promise();
        private final Budget budget;
        private final long startNanos = System.nanoTime();
        private Runnable onGone = () -> {};
        private Runnable cancelBody = () -> {};
        private int status;
        private String cacheStatus = "";
        private long bytes;
        private boolean over;

        Taker(Budget budget) {
            this.budget = budget;
        }

        @Override
        public void onGone(Runnable action) {
            onGone = action;
        }

        @Override
        public Future<Sent> send(EdgeResponse response) {
            if (over) {
                response.body().discard();
                return sent.future();
            }
            status = response.status();
            cacheStatus = cut(String.join(", ", response.fields().all("cache-status")));
            Body.Streamed body = response.body().streamed();
            cancelBody = body.cancel();
            ReadStream<Buffer> stream = body.stream();
            stream.exceptionHandler(broken -> end(End.BODY_BROKEN, "its content broke off"));
            stream.endHandler(ended -> end(End.COMPLETE, ""));
            stream.handler(data -> {
                bytes += data.length();
                budget.bytes -= data.length();
                if (budget.bytes <= 0) {
                    stop(budget.used());
                }
            });
            stream.resume();
            return sent.future();
        }

        /** As if the client had gone. */
        void stop(String reason) {
            if (!over) {
                Runnable gone = onGone;
                end(End.CLIENT_GONE, reason);
                cancelBody.run();
                gone.run();
            }
        }

        private void end(End end, String reason) {
            if (over) {
                return;
            }
            over = true;
            sent.complete(new Sent(status, bytes, end));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            result.complete(new SiteWarmup.WarmupResult(status, cacheStatus, bytes, millis, reason));
        }
    }
}
