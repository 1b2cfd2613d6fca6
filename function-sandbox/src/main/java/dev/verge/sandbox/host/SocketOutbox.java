package dev.verge.sandbox.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends frames to the node, in order. Whoever sends writes at once, without a hand-over to another thread, as long as the socket takes
 * it; what it does not take waits for a thread of its own. The socket must not block: a blocking one is closed when its writer is
 * interrupted, and owner threads are.
 *
 * <p>What waits here is bounded by what may be sent: body bytes by their credit, heads and records by the number of calls.
 */
final class SocketOutbox implements Outbox {
    private static final int BATCH = 64;

    private final SocketChannel socket;
    private final Selector writable;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();

    /**
     * An outbox.
     *
     * @param socket not blocking
     */
    SocketOutbox(SocketChannel socket) throws IOException {
        this.socket = socket;
        this.writable = Selector.open();
        socket.register(writable, SelectionKey.OP_WRITE);
    }

    void start() {
        Thread.ofPlatform().name("socket-writer").daemon().start(this::writeTheWaiting);
    }

    @Override
    public void send(byte[] frames) {
        ByteBuffer bytes = ByteBuffer.wrap(frames);
        synchronized (waiting) {
            try {
                if (waiting.isEmpty()) {
                    socket.write(bytes);
                }
                if (bytes.hasRemaining()) {
                    waiting.add(bytes);
                    waiting.notifyAll();
                }
            } catch (IOException e) {
                FunctionHost.die("socket closed");
            } catch (OutOfMemoryError e) {
                // Of the memory outside the heap, where scripts have theirs that is shared, as long as they keep it.
                FunctionHost.die(String.valueOf(e.getMessage()));
            }
        }
    }

    private void writeTheWaiting() {
        try {
            while (true) {
                synchronized (waiting) {
                    while (waiting.isEmpty()) {
                        waiting.wait();
                    }
                }
                writable.select();
                writable.selectedKeys().clear();
                synchronized (waiting) {
                    socket.write(waiting.stream().limit(BATCH).toArray(ByteBuffer[]::new));
                    while (!waiting.isEmpty() && !waiting.element().hasRemaining()) {
                        waiting.remove();
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            FunctionHost.die("socket closed");
        }
    }
}
