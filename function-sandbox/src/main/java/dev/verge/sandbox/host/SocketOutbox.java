package dev.verge.sandbox.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Sends frames to the node, in order, many in one write. Any thread may send; one thread of its own writes, because an owner thread
 * can be interrupted, which would close the socket.
 *
 * <p>What waits here is bounded by what may be sent: body bytes by their credit, heads and records by the number of calls.
 */
final class SocketOutbox implements Outbox {
    private static final int BATCH = 64;

    private final SocketChannel socket;
    private final BlockingQueue<ByteBuffer> queue = new LinkedBlockingQueue<>();

    SocketOutbox(SocketChannel socket) {
        this.socket = socket;
    }

    void start() {
        Thread.ofPlatform().name("socket-writer").daemon().start(this::write);
    }

    @Override
    public void send(byte[] frames) {
        queue.add(ByteBuffer.wrap(frames));
    }

    private void write() {
        List<ByteBuffer> batch = new ArrayList<>(BATCH);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                ByteBuffer[] buffers = batch.toArray(ByteBuffer[]::new);
                batch.clear();
                ByteBuffer last = buffers[buffers.length - 1];
                while (last.hasRemaining()) {
                    socket.write(buffers);
                }
            }
        } catch (IOException | InterruptedException e) {
            FunctionHost.die("socket closed");
        }
    }
}
