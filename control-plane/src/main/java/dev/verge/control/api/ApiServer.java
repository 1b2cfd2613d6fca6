package dev.verge.control.api;

import dev.verge.control.access.AccountTable;
import dev.verge.control.access.Principal;
import dev.verge.control.access.RateLimiter;
import dev.verge.control.resource.Names;
import dev.verge.control.store.Hash;
import dev.verge.control.store.OutcomeUnknown;
import dev.verge.control.store.StoreException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a call: admit, authenticate, limit, find the account, check the scope, take the body, handle, answer, record. Nothing of
 * the body is read before the token is known to be good.
 */
public final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger("dev.verge.control.api");
    private static final String BASE = "/v1";
    private static final long EMPTY_BODY_BYTES = 1_024;
    private static final int LONGEST_IDEMPOTENCY_KEY = 255;

    private final Vertx vertx;
    private final ApiLimits limits;
    private final Commits commits;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final RateLimiter tokenLimiter;
    private final Gate gate;
    private final Semaphore slots;
    private final Promise<Void> drained = Promise.promise();
    private volatile boolean closing;

    /** A server of routes that change one store. */
    public ApiServer(Vertx vertx, ApiLimits limits, Commits commits, InstantSource clock, MeterRegistry meters) {
        this.vertx = vertx;
        this.limits = limits;
        this.commits = commits;
        this.clock = clock;
        this.meters = meters;
        this.tokenLimiter = new RateLimiter(limits.callsPerSecond(), limits.callBurst());
        this.gate = new Gate(commits.database(), limits.callsPerSecond());
        this.slots = new Semaphore(limits.concurrentCalls());
    }

    /** Puts the routes on the router, and problems for every other path and method below {@code /v1}. */
    public void mount(Router router, List<Route> routes) {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (Route route : routes) {
            String path = BASE + route.path().replaceAll("\\{([A-Za-z]+)}", ":$1");
            methods.computeIfAbsent(path, key -> new TreeSet<>())
                    .add(route.method().name());
            router.route(route.method(), path).handler(context -> accept(route, context));
            if (route.method().equals(HttpMethod.GET)) {
                router.route(HttpMethod.HEAD, path).handler(context -> accept(route, context));
                methods.get(path).add("HEAD");
            }
        }
        methods.forEach((path, allowed) -> router.route(path)
                .handler(context -> refuse(context, Problems.methodNotAllowed(String.join(", ", allowed)))));
    }

    /** Answers a request that no route takes. */
    public void refuse(RoutingContext context, ApiFailure failure) {
        Exchange exchange = new Exchange(vertx, vertx.getOrCreateContext(), context.request());
        exchange.answer(failure)
                .onComplete(ignored ->
                        record(exchange, null, null, failure.problem().status()));
    }

    /** Takes no more calls; completes when those in progress are answered. */
    public Future<Void> close() {
        closing = true;
        completeWhenDrained();
        return drained.future();
    }

    private void accept(Route route, RoutingContext context) {
        HttpServerRequest request = context.request();
        Exchange exchange = new Exchange(vertx, vertx.getOrCreateContext(), request);
        if (closing || !slots.tryAcquire()) {
            ApiFailure failure = Problems.unavailable(
                    closing ? "The control plane is stopping." : "Too many calls are in progress.", 1);
            exchange.answer(failure)
                    .onComplete(ignored ->
                            record(exchange, route, null, failure.problem().status()));
            return;
        }
        request.pause();
        Address address = new Address(context.pathParams(), context.queryParams());
        Thread.ofVirtual().name("call-" + exchange.requestId()).start(() -> run(route, exchange, address));
    }

    /** What the request's target says. */
    private record Address(Map<String, String> parameters, MultiMap query) {}

    private void run(Route route, Exchange exchange, Address address) {
        Caller[] caller = new Caller[1];
        Future<Void> written;
        int status;
        try {
            Reply reply = handle(route, exchange, address, caller);
            status = reply.status();
            written = exchange.answer(reply);
        } catch (ApiFailure failure) {
            status = failure.problem().status();
            written = exchange.answer(failure);
        } catch (StoreException e) {
            LOG.error("call {} failed in the store", exchange.requestId(), e);
            status = 503;
            written = exchange.answer(Problems.unavailable(
                    e instanceof OutcomeUnknown
                            ? "The store failed while the change was being committed: whether it was made is not known. Look, or"
                                    + " repeat the call with the same Idempotency-Key."
                            : "The store failed; nothing was changed.",
                    1));
        } catch (RuntimeException | Error e) {
            LOG.error("call {} failed", exchange.requestId(), e);
            status = 500;
            written = exchange.answer(Problems.internal());
        }
        int answered = status;
        written.onComplete(ignored -> {
            record(exchange, route, caller[0], answered);
            slots.release();
            completeWhenDrained();
        });
    }

    private Reply handle(Route route, Exchange exchange, Address address, @Nullable Caller[] found) {
        HttpServerRequest request = exchange.request();
        Instant now = clock.instant();
        Gate.Admitted admitted = gate.admit(request, remoteAddress(request), now);
        Principal principal = admitted.principal();
        long wait = tokenLimiter.take(principal.tokenId(), System.nanoTime());
        if (wait > 0) {
            throw Problems.tooMany(wait);
        }
        Caller caller = new Caller(
                principal,
                account(principal, address.query().get("account")),
                remoteAddress(request),
                request.method() + " " + request.path(),
                exchange.requestId(),
                admitted.session());
        found[0] = caller;
        if (route.scope() != null && !principal.may(route.scope())) {
            throw Problems.forbidden(
                    "This call needs the scope " + route.scope().word() + ".");
        }
        for (String parameter : address.query().names()) {
            if (!route.reads(parameter)) {
                throw Problems.malformed("The query parameter " + parameter + " is not read here.");
            }
        }
        long most = bodyLimit(route.body());
        byte[] body = route.body() instanceof Route.Body.Stream ? new byte[0] : exchange.body(most, limits);
        return route.handler()
                .handle(new Call(
                        caller,
                        address.parameters(),
                        address.query(),
                        request.headers(),
                        body,
                        to -> exchange.pour(most, limits, to),
                        now,
                        commits,
                        replayKey(request, caller, body)));
    }

    /** The account to act for: its own, or any for the operator. Another's looks like one that is not there. */
    private String account(Principal principal, @Nullable String wanted) {
        if (wanted == null || wanted.equals(principal.account())) {
            return principal.account();
        }
        if (!principal.operator() || !commits.database().read(session -> AccountTable.exists(session, wanted))) {
            throw Problems.notFound("account \"" + (wanted.matches(Names.NAME) ? wanted : "") + "\"");
        }
        return wanted;
    }

    private long bodyLimit(Route.Body body) {
        return switch (body) {
            // Some clients send {} where nothing is wanted; it is read and passed over.
            case Route.Body.None none -> EMPTY_BODY_BYTES;
            case Route.Body.Json json -> limits.documentBytes();
            case Route.Body.Document document -> limits.documentBytes();
            case Route.Body.TextMap map -> limits.documentBytes();
            case Route.Body.TextList list -> limits.documentBytes();
            case Route.Body.Bytes(int most) -> most;
            case Route.Body.Stream(int most) -> most;
            case Route.Body.Code code -> limits.functionBytes();
        };
    }

    private static ReplayTable.@Nullable Key replayKey(HttpServerRequest request, Caller caller, byte[] body) {
        String key = request.getHeader("Idempotency-Key");
        if (key == null || !request.method().equals(HttpMethod.POST)) {
            return null;
        }
        if (key.isEmpty() || key.length() > LONGEST_IDEMPOTENCY_KEY) {
            throw Problems.malformed(
                    "Idempotency-Key has " + key.length() + " characters; send 1 to " + LONGEST_IDEMPOTENCY_KEY + ".");
        }
        return new ReplayTable.Key(key, Hash.of(caller.request() + "\n" + caller.account() + "\n" + Hash.of(body)));
    }

    private void record(Exchange exchange, @Nullable Route route, @Nullable Caller caller, int status) {
        HttpServerRequest request = exchange.request();
        long nanos = exchange.elapsedNanos();
        Timer.builder("verge.api.calls")
                .description("Calls of the API, by route and status.")
                .tag("route", route == null ? "none" : route.id())
                .tag("status", Integer.toString(status))
                .register(meters)
                .record(nanos, TimeUnit.NANOSECONDS);
        LOG.info(
                "{} {} {} {}ms account={} token={} from={} request={}",
                request.method(),
                request.path(),
                status,
                TimeUnit.NANOSECONDS.toMillis(nanos),
                caller == null ? "-" : caller.account(),
                caller == null ? "-" : caller.principal().tokenId(),
                remoteAddress(request),
                exchange.requestId());
    }

    private void completeWhenDrained() {
        if (closing && slots.availablePermits() == limits.concurrentCalls()) {
            drained.tryComplete();
        }
    }

    private static String remoteAddress(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? "-"
                : String.valueOf(request.remoteAddress().hostAddress());
    }
}
