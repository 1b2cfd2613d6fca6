package dev.verge.sync.server;

import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;

/** A long value that is gathered in memory and then written like a short one. Used by one thread at a time. */
final class WholeUpload implements KvUpload {
    private final KvWriter writer;
    private final NodeIdentity from;
    private final KvWrite write;
    private Buffer bytes = Buffer.buffer();
    private Future<Void> last = Future.succeededFuture();

    WholeUpload(KvWriter writer, NodeIdentity from, KvWrite write) {
        this.writer = writer;
        this.from = from;
        this.write = write;
    }

    @Override
    public Future<Void> add(Buffer piece) {
        if (last.succeeded() && bytes.length() + piece.length() > KvEntry.MAX_BYTES) {
            last = Future.failedFuture(
                    new KvWriter.Refused("the value is longer than " + KvEntry.MAX_BYTES + " bytes"));
        }
        if (last.succeeded()) {
            bytes.appendBuffer(piece);
        }
        return last;
    }

    @Override
    public Future<Void> finish() {
        return last.compose(v -> writer.write(from, whole()));
    }

    private KvWrite whole() {
        String value = Base64.getEncoder().encodeToString(bytes.getBytes());
        return new KvWrite(write.account(), write.namespace(), write.key(), value, write.metadata(), write.expires());
    }

    @Override
    public void giveUp() {
        bytes = Buffer.buffer();
    }
}
