package dev.verge.sandbox.process;

import dev.verge.sandbox.CheckResult;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.RuntimeStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All host processes of a runtime: who has one, who waits for one, which are spare. Guarded by its own lock, which is never held while
 * anybody is told anything.
 */
public final class HostFleet {
    private static final Logger LOG = LoggerFactory.getLogger(HostFleet.class);
    private static final long DEADLINE_PERIOD_MILLIS = 50;
    private static final long IDLE_PERIOD_MILLIS = 1000;
    private static final long MAX_PAUSE_MILLIS = 30_000;

    /** The account that a check stands for: its host is nobody's. */
    static final String CHECK = "";

    /** Somebody who needs a host. */
    private record Waiter(String account, long memoryBytes, Promise<HostProcess> promise) {}

    private final Vertx vertx;
    private final HostSettings settings;
    private final HostLauncher launcher;
    private final FleetMeters meters;
    private final Learned learned = new Learned();
    private final Admission admission;
    private final Crowding crowding;
    private final Punctuality punctuality = new Punctuality();
    private final Map<String, HostProcess> accounts = new HashMap<>();
    private final Map<String, Waiter> waiting = new HashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final List<HostProcess> spares = new ArrayList<>();
    private final List<HostProcess> all = new ArrayList<>();
    private final List<Future<?>> booting = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private long pauseMillis;
    private boolean paused;
    private boolean sparesDue;
    private boolean closed;

    private HostFleet(Vertx vertx, HostSettings settings, MeterRegistry registry) {
        this.vertx = vertx;
        this.settings = settings;
        this.launcher = new HostLauncher(vertx, settings);
        this.crowding = new Crowding(settings);
        this.admission = Admission.ofThisMachine(settings.accountLimits());
        this.meters = new FleetMeters(registry, this::status, admission::waiting, settings.memoryBytes());
    }

    /** A fleet that boots its spares after their delay. */
    public static HostFleet start(Vertx vertx, HostSettings settings, MeterRegistry registry) {
        HostFleet fleet = new HostFleet(vertx, settings, registry);
        fleet.timers.add(vertx.setPeriodic(DEADLINE_PERIOD_MILLIS, id -> fleet.holdToDeadlines()));
        fleet.timers.add(
                vertx.setPeriodic(IDLE_PERIOD_MILLIS, id -> Thread.ofVirtual().start(fleet::upkeep)));
        long delay = settings.spareDelay().toMillis();
        if (delay == 0) {
            fleet.bootSpares();
        } else {
            fleet.timers.add(vertx.setTimer(delay, id -> fleet.bootSpares()));
        }
        return fleet;
    }

    /** Starts a call, on the current context. */
    public FunctionInvocation start(FunctionCall call) {
        Context context = vertx.getOrCreateContext();
        NodeCall started = new NodeCall(call, context, again -> dispatch(again, call, context));
        started.done().onSuccess(meters::record);
        String account = call.function().account();
        String name = call.function().name();
        admission.enter(
                account,
                name,
                call.inner(),
                System.nanoTime(),
                () -> {
                    started.done().onSuccess(record -> admission.leave(account, name, record));
                    dispatch(started, call, context);
                },
                failure -> on(context, () -> started.refuse(failure)));
        return started;
    }

    private void dispatch(NodeCall started, FunctionCall call, Context context) {
        FunctionVersion function = call.function();
        HostProcess ready = ready(function.cordon(), function.limits().memoryBytes());
        Future<HostProcess> host = ready != null
                ? Future.succeededFuture(ready)
                : acquire(function.cordon(), function.limits().memoryBytes());
        host.onComplete(
                to -> to.load(function, call.bundle())
                        .onComplete(
                                id -> on(context, () -> started.send(to, id)),
                                failure -> on(context, () -> started.refuse(failure))),
                failure -> on(context, () -> started.refuse(failure)));
    }

    private static void on(Context context, Runnable step) {
        if (context.equals(Vertx.currentContext())) {
            step.run();
        } else {
            context.runOnContext(nothing -> step.run());
        }
    }

    private synchronized @Nullable HostProcess ready(String account, long memoryBytes) {
        HostProcess host = accounts.get(account);
        return host != null && !host.dead() && host.memoryBytes() >= memoryBytes ? host : null;
    }

    /** Tries a bundle in a host that is nobody's and is ended afterwards. */
    public Future<CheckResult> check(FunctionBundle bundle, FunctionLimits limits) {
        if (bundle.codeBytes() > limits.codeBytes()) {
            return Future.succeededFuture(HostCheck.tooLarge(bundle, limits));
        }
        Context context = vertx.getOrCreateContext();
        return HostCheck.twice(() -> acquire(CHECK, limits.memoryBytes())
                .compose(host -> HostCheck.of(context, host, bundle, limits)
                        .onComplete(result -> host.kill("its check is done"))));
    }

    private Future<HostProcess> acquire(String account, long memoryBytes) {
        Waiter waiter;
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new NoHostException("the runtime is closed"));
            }
            HostProcess current = ready(account, memoryBytes);
            if (current != null) {
                return Future.succeededFuture(current);
            }
            Waiter known = waiting.get(account);
            if (known != null && !account.equals(CHECK) && known.memoryBytes >= memoryBytes) {
                return known.promise.future();
            }
            HostProcess outgrown = accounts.remove(account);
            if (outgrown != null && !outgrown.dead()) {
                // Its calls go on; it is ended when they are over, as an idle host that belongs to nobody.
                LOG.info("function host {} of {} gives way to one with more memory", outgrown.pid(), account);
            }
            HostProcess spare = takeSpare(memoryBytes);
            if (spare != null) {
                assign(account, spare);
                vertx.runOnContext(nothing -> bootAsNeeded());
                return Future.succeededFuture(spare);
            }
            waiter = new Waiter(account, memoryBytes, Promise.promise());
            waiters.add(waiter);
            if (!account.equals(CHECK)) {
                waiting.put(account, waiter);
            }
        }
        long patience = account.equals(CHECK)
                ? settings.bootTimeout().toMillis()
                : settings.queueTimeout().toMillis();
        long timer = vertx.setTimer(patience, id -> giveUp(waiter, "no function host was ready in time"));
        waiter.promise.future().onComplete(result -> vertx.cancelTimer(timer));
        bootAsNeeded();
        return waiter.promise.future();
    }

    private void giveUp(Waiter waiter, String reason) {
        synchronized (this) {
            waiters.remove(waiter);
            waiting.remove(waiter.account, waiter);
        }
        waiter.promise.tryFail(new NoHostException(reason));
    }

    private @Nullable HostProcess takeSpare(long memoryBytes) {
        HostProcess best = null;
        for (HostProcess spare : spares) {
            if (!spare.dead()
                    && spare.memoryBytes() >= memoryBytes
                    && (best == null || (!best.warm() && spare.warm()))) {
                best = spare;
            }
        }
        if (best != null) {
            spares.remove(best);
            best.comeForward();
        }
        return best;
    }

    private void assign(String account, HostProcess host) {
        if (!account.equals(CHECK)) {
            accounts.put(account, host);
        }
    }

    private void bootSpares() {
        synchronized (this) {
            sparesDue = true;
        }
        bootAsNeeded();
    }

    /** One boot at a time, for those who wait first, then for the missing spares; after a failure with growing pauses. */
    private void bootAsNeeded() {
        Future<HostProcess> boot;
        synchronized (this) {
            boolean needed = !waiters.isEmpty() || (sparesDue && spares.size() < settings.spareHosts());
            if (closed || paused || !needed || !booting.isEmpty()) {
                return;
            }
            long memoryBytes = waiters.isEmpty()
                    ? settings.spareMemoryBytes()
                    : Math.max(settings.spareMemoryBytes(), waiters.element().memoryBytes);
            while (all.size() >= settings.maxHosts() || !Upkeep.fits(all, memoryBytes, settings)) {
                HostProcess idlest = crowding.givesWay(all, spares, !waiters.isEmpty(), System.nanoTime());
                if (idlest == null) {
                    return;
                }
                evict(idlest);
            }
            boot = launcher.boot(memoryBytes);
            booting.add(boot);
        }
        boot.onComplete(this::booted, this::failed);
    }

    private void evict(HostProcess idlest) {
        forget(idlest);
        meters.ended(HostEnd.EVICTED);
        vertx.runOnContext(nothing -> idlest.kill("another account needs its place"));
    }

    private void booted(HostProcess host) {
        Waiter first = null;
        synchronized (this) {
            booting.clear();
            pauseMillis = 0;
            if (!closed) {
                all.add(host);
                for (Waiter waiter : waiters) {
                    if (waiter.memoryBytes <= host.memoryBytes()) {
                        first = waiter;
                        break;
                    }
                }
                if (first == null) {
                    spares.add(host);
                    host.standBack();
                } else {
                    waiters.remove(first);
                    waiting.remove(first.account, first);
                    assign(first.account, host);
                }
            }
        }
        host.onDeath(() -> {
            synchronized (this) {
                forget(host);
            }
            bootAsNeeded();
        });
        if (closed) {
            host.kill("the runtime is closed");
            return;
        }
        learned.from(host.greeting());
        if (first != null && !first.promise.tryComplete(host)) {
            LOG.debug("the caller for function host {} has gone", host.pid());
        }
        bootAsNeeded();
    }

    private void failed(Throwable failure) {
        long pause;
        synchronized (this) {
            booting.clear();
            pauseMillis = Math.min(MAX_PAUSE_MILLIS, Math.max(500, pauseMillis * 2));
            pause = pauseMillis;
            paused = !closed;
        }
        if (closed) {
            return;
        }
        LOG.warn("a function host did not boot, next try in {} ms: {}", pause, failure.getMessage());
        vertx.setTimer(pause, id -> {
            synchronized (this) {
                paused = false;
            }
            bootAsNeeded();
        });
    }

    private void forget(HostProcess host) {
        all.remove(host);
        spares.remove(host);
        accounts.values().remove(host);
    }

    private synchronized List<HostProcess> hosts() {
        return List.copyOf(all);
    }

    private void holdToDeadlines() {
        long now = System.nanoTime();
        Set<String> slow = admission.tick(now);
        synchronized (this) {
            accounts.forEach((account, host) -> host.standBehind(slow.contains(account)));
        }
        (punctuality.isPunctual(now) ? hosts() : List.<HostProcess>of()).forEach(host -> host.holdToDeadlines(now));
    }

    /** Once a second; looks into files of the kernel. */
    private void upkeep() {
        long now = System.nanoTime();
        for (HostProcess host : hosts()) {
            host.observe();
            Upkeep.View view;
            synchronized (this) {
                view = host.view(now, spares.contains(host), accounts.containsValue(host));
            }
            switch (Upkeep.decide(view, settings)) {
                case Upkeep.Keep() -> {}
                case Upkeep.End(HostEnd why) -> end(host, why);
                case Upkeep.Replace(HostEnd why) -> replace(host, why);
            }
        }
        bootAsNeeded();
    }

    private void end(HostProcess host, HostEnd why) {
        meters.ended(why);
        host.kill("it is " + why.word());
    }

    /** A spare takes over the account; without one, the host is ended when it has no calls. */
    private void replace(HostProcess host, HostEnd why) {
        boolean replaced = false;
        synchronized (this) {
            HostProcess spare = takeSpare(host.memoryBytes());
            if (spare != null) {
                accounts.replaceAll((account, current) -> current == host ? spare : current);
                replaced = true;
            }
        }
        if (replaced) {
            meters.ended(why);
            LOG.info("function host {} gives way to a fresh one: {}", host.pid(), why.word());
        } else if (host.inFlight() == 0) {
            end(host, why);
        }
    }

    /** How the hosts are; from any thread. */
    public synchronized RuntimeStatus status() {
        return learned.status(all, accounts, spares);
    }

    /** Ends all hosts; completes when their processes are gone. */
    public Future<Void> close() {
        List<HostProcess> hosts;
        List<Waiter> refused;
        List<Future<?>> boots;
        synchronized (this) {
            closed = true;
            hosts = List.copyOf(all);
            refused = List.copyOf(waiters);
            boots = List.copyOf(booting);
        }
        timers.forEach(vertx::cancelTimer);
        refused.forEach(waiter -> giveUp(waiter, "the runtime is closed"));
        hosts.forEach(host -> host.kill("the runtime is closed"));
        Promise<Void> closing = Promise.promise();
        launcher.close();
        Future.join(boots.stream().map(boot -> boot.otherwiseEmpty()).toList())
                .compose(ended -> launcher.gone())
                .onComplete(ended -> closing.complete());
        return closing.future();
    }
}
