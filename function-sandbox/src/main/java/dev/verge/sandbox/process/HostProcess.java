package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.HostSettings;
import dev.verge.sandbox.HostWall;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import dev.verge.sandbox.wire.WireLimits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A booted host process and the socket to it. Sending is for any thread; frames arrive on the socket's event loop. Nothing it sends is
 * trusted: a frame that breaks the protocol ends it.
 */
final class HostProcess {
    private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);
    private static final long SILENCE_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int MAX_FUNCTIONS = 1000;

    /** Of all functions in a host; beyond, those used longest ago are taken out. Its heap holds them besides what they keep. */
    private static final long MAX_CODE_BYTES = 24L << 20;

    /**
     * After a limit was reported, or the wall limit has passed, a host has this long to end the call. It ends itself sooner, by the CPU time
     * that the call goes on for; this is for hosts that do not.
     */
    static final long GRACE_NANOS = Duration.ofSeconds(3).toNanos();

    /**
     * What a host says first.
     *
     * @param engine the implementation's name
     * @param walls what it has locked itself down with
     * @param refusedWalls what its kernel refused, in words; empty when all walls stand
     */
    record Greeting(String engine, Set<HostWall> walls, String refusedWalls) {}

    /** Who is told what the host says about a call; on the socket's event loop. */
    interface Listener {
        /** The frame is valid during this call only. */
        void receive(Frame frame);

        /**
         * The host is gone.
         *
         * @param shared whether it may have been another call that ended it
         */
        void lost(boolean shared);

        /** Its deadline has passed, and so the host is gone. */
        void overstayed();

        /** When the host's own watchdog should have ended it at the latest, as {@link System#nanoTime()}; from any thread. */
        long deadlineNanos();
    }

    private final Process process;
    private final NetSocket socket;
    private final long memoryBytes;
    private final Greeting greeting;
    private final Map<Integer, Listener> calls = new ConcurrentHashMap<>();
    private final Map<FunctionVersion, Future<Integer>> functions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Integer, Integer> codeOf = new ConcurrentHashMap<>();
    private final AtomicLong codeBytes = new AtomicLong();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger stops = new AtomicInteger();
    private final LongAdder served = new LongAdder();
    private final Context loop;
    private final Queue<byte[]> unsent = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final AtomicBoolean dead = new AtomicBoolean();
    private volatile Runnable deathHandler = () -> {};
    private final Precedence precedence;
    private volatile boolean spare;
    private volatile boolean behind;
    private volatile boolean warm;
    private volatile long residentBytes;
    private volatile long lastUsedNanos = System.nanoTime();
    private volatile long lastPulseNanos = System.nanoTime();

    /**
     * A host that has greeted.
     *
     * @param loop the socket's own
     */
    HostProcess(Process process, NetSocket socket, Context loop, long memoryBytes, Greeting greeting) {
        this.loop = loop;
        this.process = process;
        this.precedence = new Precedence(process.pid());
        this.socket = socket;
        this.memoryBytes = memoryBytes;
        this.greeting = greeting;
        socket.exceptionHandler(failure -> kill("its socket failed"));
        socket.closeHandler(nothing -> kill("its socket closed"));
        HostLauncher.exit(process).onComplete(ended -> {
            kill("it exited with " + process.exitValue());
        });
    }

    /** A frame after the first one; on the socket's event loop. */
    void receive(Frame frame) {
        switch (frame.type()) {
            case WARM -> warm = true;
            case PULSE -> lastPulseNanos = System.nanoTime();
            case HEAD, SUBREQUEST, PASS, STOPPING, FINISHED, CHECKED, DATA, END, RESET, CREDIT -> {
                if (frame.type() == FrameType.STOPPING) {
                    stops.incrementAndGet();
                }
                Listener call = calls.get(frame.id());
                if (call != null) {
                    call.receive(frame);
                }
            }
            case HELLO, LOAD, CODE, UNLOAD, CALL, TICK, CHECK, CANCEL, SUBRESPONSE, SUBFAILED ->
                throw new WireException(frame.type() + " at the wrong time");
        }
    }

    /** A number for a call; false when it has too many or is dead, so that the listener will not be told anything. */
    boolean join(int call, Listener listener) {
        lastUsedNanos = System.nanoTime();
        if (calls.isEmpty()) {
            lastPulseNanos = lastUsedNanos;
        }
        if (calls.size() >= WireLimits.MAX_CALLS - 8) {
            return false;
        }
        calls.put(call, listener);
        if (dead.get()) {
            calls.remove(call);
            return false;
        }
        return true;
    }

    int nextNumber() {
        return numbers.incrementAndGet() & Integer.MAX_VALUE;
    }

    void leave(int call) {
        calls.remove(call);
        lastUsedNanos = System.nanoTime();
    }

    /** Frames go out together: what is sent during one turn of an event loop is one write. */
    void send(byte[] frames) {
        unsent.add(frames);
        if (sending.compareAndSet(false, true)) {
            loop.runOnContext(nothing -> flush());
        }
    }

    private void flush() {
        sending.set(false);
        Buffer together = Buffer.buffer();
        for (byte[] frames = unsent.poll(); frames != null; frames = unsent.poll()) {
            together.appendBytes(frames);
        }
        if (together.length() > 0) {
            socket.write(together);
        }
    }

    /** The number under which the host knows a function, after sending it if it does not. */
    Future<Integer> load(FunctionVersion function, Supplier<Future<FunctionBundle>> supplier) {
        synchronized (functions) {
            Future<Integer> known = functions.get(function);
            if (known != null && !known.failed()) {
                return known;
            }
            while (functions.size() >= MAX_FUNCTIONS || (codeBytes.get() > MAX_CODE_BYTES && !functions.isEmpty())) {
                forgetEldest();
            }
            int id = nextNumber();
            Future<Integer> loading = supplier.get().map(bundle -> {
                if (!bundle.sha256().equals(function.sha256())) {
                    throw new IllegalArgumentException("the code is not the one of this version");
                }
                if (bundle.codeBytes() > function.limits().codeBytes()) {
                    throw new IllegalArgumentException("the code has " + bundle.codeBytes() + " bytes, more than the "
                            + function.limits().codeBytes() + " allowed here");
                }
                byte[] code = bundle.toBytes();
                codeBytes.addAndGet(code.length);
                codeOf.put(id, code.length);
                send(loadFrames(id, function, code));
                return id;
            });
            functions.put(function, loading);
            return loading;
        }
    }

    /** Takes the code that was used longest ago from the host; calls that have begun go on. */
    private void forgetEldest() {
        FunctionVersion eldest = functions.keySet().iterator().next();
        Future<Integer> number = functions.remove(eldest);
        if (number != null) {
            number.onSuccess(old -> {
                codeBytes.addAndGet(-codeOf.getOrDefault(old, 0));
                codeOf.remove(old);
                send(new FrameWriter().frame(FrameType.UNLOAD, old).take());
            });
        }
    }

    private static byte[] loadFrames(int id, FunctionVersion function, byte[] bundle) {
        FunctionLimits limits = function.limits();
        FrameWriter frames = new FrameWriter()
                .frame(FrameType.LOAD, id)
                .string(function.name())
                .string(function.version())
                .string(function.sha256())
                .u64(limits.cpu().toNanos())
                .u64(limits.wall().toNanos())
                .u64(limits.memoryBytes())
                .u64(limits.allocatedBytes())
                .u64(limits.subrequests())
                .u64(limits.logBytes())
                .u64(limits.startup().toNanos())
                .u16(function.env().size());
        function.env().forEach((name, value) -> frames.string(name).string(value));
        frames.u16(function.bindings().size());
        function.bindings()
                .forEach((name, binding) -> frames.constant(binding.kind()).string(name));
        frames.u32(bundle.length);
        for (int at = 0; at < bundle.length; at += WireLimits.MAX_DATA_BYTES) {
            frames.frame(FrameType.CODE, id).bytes(bundle, at, Math.min(WireLimits.MAX_DATA_BYTES, bundle.length - at));
        }
        return frames.take();
    }

    /** Ends the process now; what is in flight is told at once, without waiting for the process. */
    void kill(String reason) {
        if (!dead.compareAndSet(false, true)) {
            return;
        }
        if (!calls.isEmpty()) {
            LOG.warn("function host {} ends with {} calls in flight: {}", process.pid(), calls.size(), reason);
        }
        process.destroyForcibly();
        socket.close();
        boolean shared = calls.size() > 1;
        calls.values().forEach(call -> call.lost(shared));
        calls.clear();
        deathHandler.run();
    }

    /** Called once, when it is dead or known to die; at once when it already is. */
    void onDeath(Runnable handler) {
        deathHandler = handler;
        if (dead.get()) {
            handler.run();
        }
    }

    /** Looks at the hard deadlines: those behind the host's own watchdog. */
    void holdToDeadlines(long now) {
        if (calls.isEmpty()) {
            return;
        }
        for (Map.Entry<Integer, Listener> call : calls.entrySet()) {
            if (now - call.getValue().deadlineNanos() > 0) {
                LOG.warn("function host {} ends: a call overstayed its limit and could not be stopped", process.pid());
                calls.remove(call.getKey());
                kill("a call overstayed its limit and could not be stopped");
                call.getValue().overstayed();
                return;
            }
        }
        if (now - lastPulseNanos > SILENCE_NANOS) {
            kill("it is not responding");
        }
    }

    /** It is nobody's: its practice takes from the processors what others leave. */
    void standBack() {
        spare = true;
        Thread.ofVirtual().start(this::settlePrecedence);
    }

    /** It is somebody's. */
    void comeForward() {
        spare = false;
        Thread.ofVirtual().start(this::settlePrecedence);
    }

    /** Whether others go before it: its calls are long, and theirs are not. */
    void standBehind(boolean others) {
        if (behind != others) {
            behind = others;
            Thread.ofVirtual().start(this::settlePrecedence);
        }
    }

    /** Who comes last finds what was wished last. The number of a process that has ended may be another's. */
    private void settlePrecedence() {
        synchronized (precedence) {
            if (process.isAlive()) {
                precedence.settle(spare ? Precedence.LAST : behind ? Precedence.BEHIND : Precedence.NORMAL);
            }
        }
    }

    boolean dead() {
        return dead.get();
    }

    boolean warm() {
        return warm;
    }

    /** A call is being sent to it. */
    void served() {
        served.increment();
    }

    /** What is seen of it now; {@link #observe} must have been called lately. */
    Upkeep.View view(long now, boolean spare, boolean owned) {
        return new Upkeep.View(spare, owned, idleNanos(now), residentBytes, heapBytes(), stops.get(), served.sum());
    }

    /** Looks how much of the machine's memory it holds; reads a file of the kernel. */
    void observe() {
        residentBytes = ResidentSize.of(process.pid());
    }

    /** Of the machine's memory, as last seen; 0 before it was looked at. */
    long residentBytes() {
        return residentBytes;
    }

    /** What its heap may grow to. */
    long heapBytes() {
        return memoryBytes + HostSettings.HOST_OVERHEAD_BYTES;
    }

    /** What it is counted for in the node's budget: what it holds, or what it may well come to hold. */
    long budgetBytes() {
        return Math.max(residentBytes, HostSettings.reserveBytes(memoryBytes));
    }

    long pid() {
        return process.pid();
    }

    Greeting greeting() {
        return greeting;
    }

    /** The largest {@code memoryBytes} it has heap for. */
    long memoryBytes() {
        return memoryBytes;
    }

    int inFlight() {
        return calls.size();
    }

    long idleNanos(long now) {
        return calls.isEmpty() ? now - lastUsedNanos : 0;
    }
}
