package dev.verge.node.compress;

import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One content on its way through an encoder, a piece at a time. Not for two threads at once; the encoder is made with the first piece. */
final class Pieces implements AutoCloseable {
    private final Coding coding;
    private final WorkerExecutor workers;
    private final Compression.Meter meter;
    private final Runnable done;
    private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
    private @Nullable OutputStream encoder;
    private boolean closed;

    /** What is to have come out when a call is over. */
    enum Until {
        /** Whatever the encoder likes to hand over. */
        ENOUGH,
        /** All that went in. */
        FLUSHED,
        /** The end of the content as well. */
        END
    }

    /** The encoder gave up. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(Throwable cause) {
            super("content could not be compressed", cause);
        }
    }

    /** @param done run once when nothing is held any more */
    Pieces(Coding coding, WorkerExecutor workers, Compression.Meter meter, Runnable done) {
        this.coding = coding;
        this.workers = workers;
        this.meter = meter;
        this.done = done;
    }

    Future<Buffer> encodeElsewhere(Buffer piece, Until until) {
        return workers.executeBlocking(() -> encode(piece, until), false).map(Objects::requireNonNull);
    }

    Buffer encode(Buffer piece, Until until) throws Failure {
        try {
            OutputStream stream = encoder;
            if (stream == null) {
                stream = coding.encoder(coded);
                encoder = stream;
            }
            stream.write(piece.getBytes());
            switch (until) {
                case ENOUGH -> {}
                case FLUSHED -> stream.flush();
                case END -> {
                    encoder = null;
                    stream.close();
                }
            }
        } catch (IOException | RuntimeException failure) {
            throw new Failure(failure);
        }
        Buffer out = Buffer.buffer(coded.toByteArray());
        coded.reset();
        meter.compressed(coding, piece.length(), out.length());
        return out;
    }

    /** Frees what is held; idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        OutputStream stream = encoder;
        encoder = null;
        try {
            if (stream != null) {
                // There is no other way to free it; what it still writes goes nowhere.
                stream.close();
            }
        } catch (IOException | RuntimeException broken) {
            coded.reset();
        } finally {
            done.run();
        }
    }
}
