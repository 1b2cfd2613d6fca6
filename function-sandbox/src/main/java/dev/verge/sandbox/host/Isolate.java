package dev.verge.sandbox.host;

import com.sun.management.ThreadMXBean;
import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * A context with the function in it, its owner thread, and the event loop that thread runs.
 *
 * <p>Everything happens in turns: an event enters the script, which runs until its stack and its microtasks are done. CPU time and
 * allocation of a turn are charged to the call the event belongs to.
 */
final class Isolate {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What the owner does next; {@code call} begins with it, and is null for an event of a call that has begun. */
    private record Event(@Nullable HostCall call, Runnable step) {}

    private final LoadedFunction function;
    private final ContextFactory contexts;
    private final BatchOutbox out;
    private final Outbox direct;
    private final Thread owner;
    private final Runnable ended;
    private final BlockingQueue<Event> mailbox = new LinkedBlockingQueue<>();
    private final AtomicInteger load = new AtomicInteger();
    private final AtomicReference<@Nullable Doom> doom = new AtomicReference<>();
    private volatile @Nullable Turn turn;
    private volatile @Nullable Context context;
    private volatile long usedNanos = System.nanoTime();
    private volatile boolean closed;
    private volatile long doomedCpuNanos;

    // The owner's own.
    private final ColdStart coldStart = new ColdStart();
    private boolean retired;
    private @Nullable CodeError startError;
    private final Map<Integer, HostCall> calls = new LinkedHashMap<>();
    private final Timers timers = new Timers();
    private @Nullable Bindings bindings;

    /**
     * An isolate that has not started.
     *
     * @param ended called by the owner as its last act
     */
    Isolate(LoadedFunction function, ContextFactory contexts, Outbox out, Runnable ended) {
        this.ended = ended;
        this.function = function;
        this.contexts = contexts;
        this.out = new BatchOutbox(out);
        this.direct = out;
        this.owner = Thread.ofPlatform()
                .name("function " + function.name)
                .stackSize(1 << 20)
                .daemon()
                .unstarted(this::own);
    }

    void start() {
        owner.start();
    }

    /** Calls that it was given and that are not over. */
    int load() {
        return load.get();
    }

    /** When a call began or ended here last, as {@link System#nanoTime()}. */
    long usedNanos() {
        return usedNanos;
    }

    /** Another turn for the owner; from any thread. Dropped when the isolate has ended. */
    void post(Runnable step) {
        mailbox.add(new Event(null, step));
    }

    /** Gives it a call; false when it has ended and takes none. */
    synchronized boolean accept(HostCall call) {
        if (closed) {
            return false;
        }
        load.incrementAndGet();
        usedNanos = System.nanoTime();
        mailbox.add(new Event(call, () -> begin(call)));
        return true;
    }

    /** Takes no further call, and ends after the last one. */
    synchronized void retire() {
        closed = true;
        post(() -> retired = true);
    }

    /** The caller of a call went away. */
    void cancel(HostCall call) {
        // A turn that is running is not interrupted: it is bounded by its limits, and others share the context.
        post(() -> abandon(call, FunctionOutcome.CANCELLED, "The caller went away."));
    }

    /** Sends what earlier turns left to send. */
    void flush() {
        out.flush();
    }

    @Nullable
    Turn turn() {
        return turn;
    }

    long ownerCpuNanos() {
        return THREADS.getThreadCpuTime(owner.threadId());
    }

    /** Right but for rare readings that are too large by gigabytes ({@link Turn#confirms}); the lesser of two is seldom one. */
    long ownerAllocatedBytes() {
        long id = owner.threadId();
        return Math.min(THREADS.getThreadAllocatedBytes(id), THREADS.getThreadAllocatedBytes(id));
    }

    LoadedFunction function() {
        return function;
    }

    /** Whether it is to end and nothing it does counts any more; what it holds is not free yet. */
    boolean ending() {
        return doom.get() != null || (closed && load() == 0);
    }

    /** CPU time that its owner has spent in the script since it had to end; 0 when it does not have to or has left the script. */
    long overstayedCpuNanos() {
        return doom.get() == null || turn == null ? 0 : ownerCpuNanos() - doomedCpuNanos;
    }

    /** Ends the context from outside; the first reason counts. */
    void stop(Doom reason) {
        if (doom.get() == null) {
            doomedCpuNanos = ownerCpuNanos();
        }
        if (!doom.compareAndSet(null, reason)) {
            return;
        }
        HostCall culprit = reason.culprit();
        if (culprit != null) {
            direct.send(new FrameWriter()
                    .frame(FrameType.STOPPING, culprit.id)
                    .constant(reason.outcome())
                    .string(Explain.limit(reason, culprit))
                    .take());
        }
        post(() -> {});
        Thread.ofPlatform().name("context-closer").daemon().start(this::closeContext);
    }

    private void own() {
        FunctionHost.watchdog().watch(this);
        try {
            if (startUp()) {
                loop();
            }
        } catch (RuntimeException | StackOverflowError e) {
            // A mistake of this program or a context closed at an unusual place: the context ends, not the host.
            doom.compareAndSet(null, new Doom(FunctionOutcome.KILLED, null));
        } finally {
            function.remove(this);
            end();
            out.flush();
            closeContext();
            context = null;
            bindings = null;
            // Not before: until here it holds memory, for which nobody else is to blame.
            FunctionHost.watchdog().forget(this);
            ended.run();
        }
    }

    private boolean startUp() {
        long begun = THREADS.getCurrentThreadCpuTime();
        try {
            Bindings made = contexts.take();
            context = made.adopt(this, out);
            bindings = made;
            // Making the context is the platform's work; the limit is for the function's own code.
            long evaluation = THREADS.getCurrentThreadCpuTime();
            turn = new Turn(null, evaluation, THREADS.getCurrentThreadAllocatedBytes());
            made.load(function);
            coldStart.over(
                    begun,
                    evaluation,
                    THREADS.getCurrentThreadCpuTime(),
                    function.limits.startup().toNanos());
            return doom.get() == null;
        } catch (PolyglotException e) {
            FunctionHost.endIfBroken(e);
            startError = doom.get() == null ? Explain.error(e) : null;
            return false;
        } catch (StartFailure e) {
            startError = new CodeError(Kind.NO_HANDLER, function.main(), 0, 0, String.valueOf(e.getMessage()));
            return false;
        } finally {
            turn = null;
        }
    }

    /** For a check: what was found, or null when the function started. Once the owner has ended. */
    @Nullable
    CodeError problem() {
        Doom reason = doom.get();
        return reason == null
                ? function.maps().mapped(startError)
                : new CodeError(Kind.STARTUP_OVER_LIMIT, function.main(), 0, 0, Explain.start(reason, function.limits));
    }

    private void loop() {
        while (doom.get() == null) {
            if (retired && calls.isEmpty()) {
                return;
            }
            try {
                long wait = timers.nanosToNext();
                Event event = mailbox.poll();
                if (event == null) {
                    out.flush();
                    event = wait == Long.MAX_VALUE
                            ? mailbox.take()
                            : mailbox.poll(Math.max(wait, 0), TimeUnit.NANOSECONDS);
                }
                if (event != null) {
                    event.step().run();
                } else {
                    Timers.Due due = timers.next();
                    if (due != null && !due.call().finished) {
                        run(due.call(), bound().timer(), due.call().id, due.timer());
                    }
                }
            } catch (InterruptedException e) {
                // Closing a context interrupts its owner; the loop's condition tells the rest.
            }
        }
    }

    private Bindings bound() {
        Bindings current = bindings;
        if (current == null) {
            throw new IllegalStateException("The context has not started");
        }
        return current;
    }

    private void begin(HostCall call) {
        calls.put(call.id, call);
        coldStart.begins(call);
        if (call.hasBody) {
            call.bodiesIn.put(0, new BodyIn(call.id, 0, out));
        }
        bound().begin(call);
    }

    /** One turn of a call. */
    void run(HostCall call, Value entry, Object... arguments) {
        if (call.finished) {
            forget(call);
            return;
        }
        long cpu = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        bound().advanceClock();
        turn = new Turn(call, cpu, allocated);
        try {
            entry.executeVoid(arguments);
        } catch (PolyglotException e) {
            FunctionHost.endIfBroken(e);
            if (doom.get() == null) {
                call.log("exception", Explain.describe(e));
                conclude(call, FunctionOutcome.THREW, false);
            }
        } finally {
            turn = null;
            call.charge(THREADS.getCurrentThreadCpuTime() - cpu, THREADS.getCurrentThreadAllocatedBytes() - allocated);
        }
        settle(call);
        endTheStuck();
    }

    /** Announces the end of a call that is over and has sent all of its body. */
    void settle(HostCall call) {
        FunctionOutcome outcome = call.finishing;
        if (outcome != null && doom.get() == null && !(outcome == FunctionOutcome.OK && call.bodyIncomplete())) {
            call.finish(out, outcome, call.passThrough);
        }
        if (call.finished) {
            forget(call);
        }
    }

    /** A call that is not over, or null. */
    @Nullable
    HostCall callOf(int id) {
        return calls.get(id);
    }

    Timers timers() {
        return timers;
    }

    /** The boundary, for an event of a call that began; null when the context never started. */
    @Nullable
    Bindings bindings() {
        return bindings;
    }

    /** Ends a call from outside the script, whatever it waits for. */
    void abandon(HostCall call, FunctionOutcome outcome, String reason) {
        if (!call.finished) {
            call.log("exception", reason);
            call.finish(out, outcome, false);
            forget(call);
        }
    }

    /** The script is done with a call: announced after the turn, so that the turn is charged. */
    static void conclude(HostCall call, FunctionOutcome outcome, boolean passThrough) {
        if (call.finishing == null) {
            call.finishing = outcome;
            call.passThrough = passThrough;
        }
    }

    private void endTheStuck() {
        if (!calls.isEmpty() && doom.get() == null) {
            StuckCalls.end(calls.values(), out, this::forget);
        }
    }

    private void forget(HostCall call) {
        if (calls.remove(call.id) != null) {
            load.decrementAndGet();
            usedNanos = System.nanoTime();
            function.over(call);
            timers.drop(call);
            bound().drop(call.id);
        }
    }

    /** The owner's last act: tells the end of everything it was given. */
    private void end() {
        synchronized (this) {
            closed = true;
        }
        Doom reason = doom.get();
        List<HostCall> left = new ArrayList<>(calls.values());
        calls.clear();
        for (Event event = mailbox.poll(); event != null; event = mailbox.poll()) {
            if (event.call() != null) {
                left.add(event.call());
            }
        }
        for (HostCall call : left) {
            function.over(call);
            FunctionOutcome outcome;
            if (startError != null) {
                call.log("exception", Explain.line(startError));
                outcome = FunctionOutcome.THREW;
            } else if (reason != null && (reason.culprit() == call || reason.culprit() == null)) {
                outcome = reason.outcome();
                call.log("exception", Explain.limit(reason, call));
            } else {
                outcome = FunctionOutcome.KILLED;
                call.log("exception", Explain.SHARED);
            }
            call.finish(out, outcome, false);
        }
    }

    private void closeContext() {
        Context current = context;
        if (current != null) {
            current.close(true);
        }
    }
}
