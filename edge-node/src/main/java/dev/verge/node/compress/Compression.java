package dev.verge.node.compress;

import dev.verge.node.exchange.Body;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Compresses content, with bounds on threads and on encoders at work. One for each event loop; the bounds are the node's. */
public final class Compression {
    /** Encoders at work in the node. Each holds up to some 3 MiB; content that finds none free goes out as it is. */
    public static final int MAX_ENCODERS = 128;

    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final WorkerExecutor workers;
    private final Semaphore free;
    private final Meter meter;

    /** Told what was compressed. Any thread. */
    @FunctionalInterface
    public interface Meter {
        /** Bytes that went into an encoder, and bytes that came out of it. */
        void compressed(Coding coding, long in, long out);
    }

    /**
     * Compression on an event loop.
     *
     * @param free one permit for each encoder, {@link #MAX_ENCODERS} in the node
     */
    public Compression(Vertx vertx, Semaphore free, Meter meter) {
        // One pool in the node: its name is what makes it the same.
        this.workers = vertx.createSharedWorkerExecutor("verge-compression", THREADS);
        this.free = free;
        this.meter = meter;
    }

    /**
     * The content in a coding; owned by the caller, as the given one was. Short content that is all there is compressed at once. To
     * be called on the event loop.
     *
     * @return empty when too many encoders are at work: then the content is still the caller's, unread
     */
    public Optional<Body> compress(Body body, Coding coding) {
        if (!free.tryAcquire()) {
            return Optional.empty();
        }
        Pieces pieces = new Pieces(coding, workers, meter, free::release);
        if (body instanceof Body.Whole(Buffer bytes) && bytes.length() <= CompressingStream.PIECE_BYTES) {
            try (pieces) {
                return Optional.of(new Body.Whole(pieces.encode(bytes, Pieces.Until.END)));
            } catch (Pieces.Failure failure) {
                return Optional.empty();
            }
        }
        CompressingStream stream = new CompressingStream(body.streamed(), pieces);
        return Optional.of(new Body.Streamed(stream, -1, stream::cancel));
    }
}
