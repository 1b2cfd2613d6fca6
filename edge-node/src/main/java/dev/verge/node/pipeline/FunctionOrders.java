package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.quota.Admission;
import dev.verge.node.site.DeployedFunction;
import dev.verge.node.site.FunctionRules;
import dev.verge.node.site.Routing;
import dev.verge.node.trace.LoopTracing;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.trace.Trace;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.ScheduledEvent;
import dev.verge.sandbox.SubrequestHandler;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.TraceOrder;
import dev.verge.sync.order.WarmupOrder;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.streams.ReadStream;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the control plane orders: runs of functions for ticks of schedules and for requests of its API, traces, and warm-ups. On an event
 * loop of their own.
 */
public final class FunctionOrders implements OrderHandler {
    private final Context context;
    private final Supplier<Routing> routing;
    private final NodeIdentity node;
    private final FunctionRules rules;
    private final FunctionCalls functions;
    private final LoopTracing tracing;
    private final RequestPipeline pipeline;
    private final Warmups warmups;

    private FunctionOrders(Context context, NodeParts parts) {
        this.context = context;
        this.routing = parts.routing();
        this.node = parts.identity();
        this.rules = parts.functionRules();
        this.pipeline = new RequestPipeline(parts, new Loop(context));
        this.functions = pipeline.functions();
        this.tracing = pipeline.tracing();
        this.warmups = new Warmups(context, pipeline, parts.routing(), parts.clock());
    }

    /** Ready to run what comes. */
    public static Future<FunctionOrders> create(VertxInternal vertx, NodeParts parts) {
        Context context = vertx.createEventLoopContext();
        Promise<FunctionOrders> made = Promise.promise();
        context.runOnContext(v -> made.complete(new FunctionOrders(context, parts)));
        return made.future();
    }

    @Override
    public Future<OrderResult> carryOut(Order order) {
        Promise<OrderResult> done = Promise.promise();
        context.runOnContext(v -> {
            Future<OrderResult> run;
            try {
                run = run(order);
            } catch (IllegalArgumentException wrong) {
                run = Future.succeededFuture(OrderResult.notRun(String.valueOf(wrong.getMessage())));
            }
            run.onComplete(done);
        });
        return done.future();
    }

    private Future<OrderResult> run(Order order) {
        Routing now = routing.get();
        TraceOrder explained = order.trace();
        if (explained != null) {
            return SiteTraces.answer(now, order.account(), explained, pipeline::foresee);
        }
        WarmupOrder warmup = order.warmup();
        if (warmup != null) {
            return warmups.carryOut(order.account(), warmup);
        }
        DeployedFunction.Share share = share(now, order);
        if (!(functions.admit(order.account()) instanceof Admission.Admitted admitted)) {
            return Future.succeededFuture(OrderResult.notRun("the account has used up a quota"));
        }
        RunMeter meter = new RunMeter(admitted);
        Caller caller = new Caller(NetUtil.LOCALHOST, NetUtil.LOCALHOST, false, "https", "HTTP/1.1", null);
        @Nullable Trace trace = tracing.begin("order " + order.kind().name().toLowerCase(Locale.ROOT));
        @Nullable OpenSpan span = FunctionSpans.begin(trace, order.function());
        Instant called = Instant.now();
        FunctionRun run = new FunctionRun(
                order.id(),
                now,
                order.account(),
                null,
                caller,
                HttpFields.EMPTY,
                Trace.within(span, trace, order.id()),
                FunctionFacts.of(caller, now.countries(), node, order.id()),
                List.of(order.function()));
        FunctionInvocation invocation = meter.begin(() -> functions.start(run, share, call(order, share, meter)));
        int version = Integer.parseInt(share.version().version());
        return invocation.result().transform(started -> {
            if (trace != null && trace.span() != null) {
                trace.span().end();
            }
            if (started.failed()) {
                meter.notRun();
                FunctionSpans.notRun(span, "no-host");
                return Future.succeededFuture(OrderResult.notRun("no function host was ready in time"));
            }
            FunctionResult result = started.result();
            functions.record(result, called, span, meter);
            return Taken.of(meter.out(result.body(), null), invocation)
                    .compose(taken -> result.done().map(ended -> answer(order, version, result, taken, ended)));
        });
    }

    private DeployedFunction.Share share(Routing now, Order order) {
        Deployed code = order.code();
        if (code != null) {
            return DeployedFunction.share(order.account(), order.function(), code, rules);
        }
        DeployedFunction function = now.function(order.account(), order.function());
        if (function == null) {
            throw new IllegalArgumentException("this node has no function " + order.function());
        }
        Integer wanted = order.version();
        DeployedFunction.Share share = wanted == null ? function.choose(somebody()) : function.version(wanted);
        if (share == null) {
            throw new IllegalArgumentException(
                    "version " + wanted + " of " + order.function() + " has no share of the traffic here");
        }
        return share;
    }

    /** Versions get their share of ticks as of clients. */
    private static InetAddress somebody() {
        byte[] address = new byte[4];
        ThreadLocalRandom.current().nextBytes(address);
        try {
            return InetAddress.getByAddress(address);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static FunctionCall call(Order order, DeployedFunction.Share share, RunMeter meter) {
        OrderRequest request = order.request();
        if (order.kind() == Order.Kind.SCHEDULED || request == null) {
            return FunctionCall.scheduled(
                    share.version(),
                    () -> Future.failedFuture("the caller has the code"),
                    order.id(),
                    SubrequestHandler.NONE,
                    new ScheduledEvent(order.cron(), Instant.ofEpochMilli(order.scheduledTime())));
        }
        byte[] body = Base64.getDecoder().decode(request.body());
        return new FunctionCall(
                share.version(),
                () -> Future.failedFuture("the caller has the code"),
                order.id(),
                request.method(),
                request.url(),
                request.headers().stream()
                        .map(field -> new HeaderField(field.name(), field.value()))
                        .toList(),
                body.length == 0 ? null : meter.in(new Body.Whole(Buffer.buffer(body)).streamed().stream()),
                SubrequestHandler.NONE);
    }

    private static OrderResult answer(
            Order order, int version, FunctionResult result, Taken taken, InvocationRecord ended) {
        boolean invoked = order.kind() == Order.Kind.INVOKE;
        return new OrderResult(
                taken.truncated ? result.outcome().word() : ended.outcome().word(),
                version,
                invoked ? result.status() : 0,
                result.headers().stream()
                        .limit(500)
                        .map(header -> new OrderField(header.name(), cut(header.value())))
                        .toList(),
                Base64.getEncoder().encodeToString(taken.bytes.getBytes()),
                taken.truncated,
                ended.cpu().toNanos() / 1_000,
                ended.wall().toNanos() / 1_000,
                "");
    }

    private static String cut(String value) {
        return value.length() > 16_384 ? value.substring(0, 16_384) : value;
    }

    /** What is handed on of a body. */
    private record Taken(Buffer bytes, boolean truncated) {

        static Future<Taken> of(@Nullable ReadStream<Buffer> body, FunctionInvocation invocation) {
            if (body == null) {
                return Future.succeededFuture(new Taken(Buffer.buffer(), false));
            }
            Promise<Taken> taken = Promise.promise();
            Buffer bytes = Buffer.buffer();
            body.exceptionHandler(broken -> taken.tryComplete(new Taken(bytes, true)));
            body.endHandler(ended -> taken.tryComplete(new Taken(bytes, false)));
            body.handler(data -> {
                int room = OrderRequest.MAX_BODY_BYTES - bytes.length();
                if (data.length() > room) {
                    bytes.appendBuffer(data, 0, room);
                    taken.tryComplete(new Taken(bytes, true));
                    invocation.cancel();
                } else {
                    bytes.appendBuffer(data);
                }
            });
            body.resume();
            return taken.future();
        }
    }
}
