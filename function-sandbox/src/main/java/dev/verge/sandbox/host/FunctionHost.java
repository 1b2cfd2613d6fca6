package dev.verge.sandbox.host;

import dev.verge.sandbox.HostWall;
import dev.verge.sandbox.host.lockdown.LockDown;
import dev.verge.sandbox.wire.FrameSplitter;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.graalvm.polyglot.PolyglotException;

/**
 * A function host: connects to the socket it is told, runs what it is sent, and dies with the socket.
 *
 * <p>Started with two arguments, the socket's path and the milliseconds for its exercise, an empty environment and an empty working folder.
 */
public final class FunctionHost {
    private static final Watchdog WATCHDOG = new Watchdog();
    private static volatile boolean warm;

    private FunctionHost() {}

    public static void main(String[] arguments) throws IOException {
        Duration exercise = Duration.ofMillis(Long.parseLong(arguments[1]));
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(Path.of(arguments[0])));
        socket.configureBlocking(false);
        // Loading the compiler unpacks a library of the engine into the user's cache folder, the one file ever written
        // here.
        ContextFactory contexts = new ContextFactory();
        // The last act before other threads exist: what it takes away is taken from all of them.
        LockDown.Report walls = LockDown.apply();
        SocketOutbox out = new SocketOutbox(socket);
        out.start();
        WATCHDOG.start();
        CallDesk desk = new CallDesk(contexts, out);
        WATCHDOG.serve(desk.running(), out);
        Exercise.begin(contexts);
        HeapGuard heap = new HeapGuard(WATCHDOG);
        heap.setBaseline();
        heap.start();
        out.send(new FrameWriter()
                .frame(FrameType.HELLO, 0)
                .u64(ProcessHandle.current().pid())
                .string(contexts.engineName())
                .u16(HostWall.bits(walls.standing()))
                .string(String.join(", ", walls.refused()))
                .take());
        Thread.ofPlatform().name("exercise").daemon().start(() -> {
            Exercise.goOn(contexts, exercise);
            contexts.makeAhead();
            heap.setBaseline();
            warm = true;
            out.send(new FrameWriter().frame(FrameType.WARM, 0).take());
        });
        read(socket, desk);
    }

    private static void read(SocketChannel socket, CallDesk desk) {
        FrameSplitter splitter = new FrameSplitter();
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try (Selector readable = Selector.open()) {
            socket.register(readable, SelectionKey.OP_READ);
            while (true) {
                readable.select();
                readable.selectedKeys().clear();
                if (socket.read(buffer) < 0) {
                    break;
                }
                splitter.feed(buffer.array(), 0, buffer.position(), desk::receive);
                buffer.clear();
            }
            die("socket closed");
        } catch (IOException | WireException | IllegalArgumentException e) {
            die(String.valueOf(e.getMessage()));
        }
    }

    static Watchdog watchdog() {
        return WATCHDOG;
    }

    /** Whether the compiler has been exercised. */
    static boolean warm() {
        return warm;
    }

    /**
     * Ends the process when a class of the engine can never be used again here: a stack that overflowed, or an end of a context, in the
     * middle of a class's initialisation leaves it so for good, and every later function would meet it.
     */
    static void endIfBroken(PolyglotException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure.isInternalError()
                && (message.contains("NoClassDefFoundError") || message.contains("ExceptionInInitializerError"))) {
            die(message);
        }
    }

    /** Ends the process at once: nothing here outlives its connection. */
    static void die(String reason) {
        System.err.println(reason);
        Runtime.getRuntime().halt(0);
    }
}
