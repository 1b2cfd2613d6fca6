package dev.verge.sandbox.host;

import dev.verge.sandbox.wire.WireLimits;
import java.util.Arrays;

/**
 * Gathers what the turns of an isolate send, so that calls which end one after another go out in one write. Its owner flushes it when
 * nothing waits for it; the watchdog does when a turn takes long, as the calls before it must not wait for that one.
 */
final class BatchOutbox implements Outbox {
    private static final int FULL_BYTES = WireLimits.MAX_DATA_BYTES;

    private final Outbox to;
    private byte[] held = new byte[1024];
    private int size;

    BatchOutbox(Outbox to) {
        this.to = to;
    }

    @Override
    public synchronized void send(byte[] frames) {
        if (size + frames.length > FULL_BYTES) {
            flush();
            if (frames.length >= FULL_BYTES) {
                to.send(frames);
                return;
            }
        }
        if (size + frames.length > held.length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, size + frames.length));
        }
        System.arraycopy(frames, 0, held, size, frames.length);
        size += frames.length;
    }

    synchronized void flush() {
        if (size > 0) {
            to.send(Arrays.copyOf(held, size));
            size = 0;
        }
    }
}
