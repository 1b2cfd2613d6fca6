package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.NodeIdentity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A control plane's end that takes long values, as slowly as a test wants it, and what must hold on every way to it. */
final class LongValues implements KvWriter {
    final List<byte[]> written = new CopyOnWriteArrayList<>();
    final List<KvWrite> begun = new CopyOnWriteArrayList<>();
    final AtomicInteger givenUp = new AtomicInteger();

    /** While it is set, neither pieces nor ends are answered. */
    volatile boolean holding;

    private final List<Promise<Void>> held = new CopyOnWriteArrayList<>();

    @Override
    public Future<Void> write(NodeIdentity from, KvWrite write) {
        written.add(Base64.getDecoder().decode(String.valueOf(write.value())));
        return Future.succeededFuture();
    }

    @Override
    public KvUpload upload(NodeIdentity from, KvWrite write) {
        if (write.key().equals("forbidden")) {
            throw new Refused("not this one");
        }
        begun.add(write);
        KvUpload whole = KvWriter.super.upload(from, write);
        return new KvUpload() {
            @Override
            public Future<Void> add(Buffer piece) {
                Future<Void> added = whole.add(piece);
                return released().compose(v -> added);
            }

            @Override
            public Future<Void> finish() {
                return released().compose(v -> whole.finish());
            }

            @Override
            public void giveUp() {
                givenUp.incrementAndGet();
                whole.giveUp();
            }
        };
    }

    private Future<Void> released() {
        if (!holding) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        held.add(later);
        return later.future();
    }

    /** Pieces that came and are not answered. */
    int held() {
        return held.size();
    }

    void release() {
        holding = false;
        held.forEach(Promise::tryComplete);
    }

    static KvWrite change(String account, String key) {
        return new KvWrite(account, "files", key, null, "{\"a\":1}", null);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Hands a value on as a node does. */
    static Future<Void> send(KvUpload upload, byte[] value, int from) {
        if (from >= value.length) {
            return upload.finish();
        }
        int to = Math.min(value.length, from + KvUpload.MAX_PIECE_BYTES);
        return upload.add(Buffer.buffer(Arrays.copyOfRange(value, from, to))).compose(v -> send(upload, value, to));
    }

    /** The longest value arrives whole, and one byte more does not. */
    static void holdTheLongest(LongValues values, SyncClient client) {
        byte[] longest = random(KvEntry.MAX_BYTES);
        await(send(client.upload(change("default", "longest")), longest, 0));
        assertThat(values.written.getFirst()).isEqualTo(longest);
        byte[] tooLong = random(KvEntry.MAX_BYTES + 1);
        assertThatThrownBy(() -> await(send(client.upload(change("default", "longer")), tooLong, 0)))
                .hasStackTraceContaining("longer than 26214400 bytes");
        assertThat(values.written).hasSize(1);
        values.written.clear();
        values.begun.clear();
    }

    /** A value arrives whole, and no more of it is on the way than is asked for. */
    static void hold(LongValues values, SyncClient client) {
        byte[] value = random(1_000_000);
        await(send(client.upload(change("default", "value")), value, 0));
        assertThat(values.written).hasSize(1);
        assertThat(values.written.getFirst()).isEqualTo(value);
        assertThat(values.begun.getFirst()).isEqualTo(change("default", "value"));
        assertThatThrownBy(() -> await(send(client.upload(change("default", "forbidden")), random(300_000), 0)))
                .hasStackTraceContaining("not this one");
        assertThat(values.written).hasSize(1);

        values.holding = true;
        Future<Void> slow = send(client.upload(change("default", "slow")), random(1_000_000), 0);
        until("the first pieces", () -> values.held() == 4);
        await(client.write(new KvWrite("default", "files", "short", "aGk=", null, null)));
        assertThat(values.held())
                .as("nothing more came before a short change that was asked later")
                .isEqualTo(4);
        values.release();
        await(slow);
        assertThat(values.written).hasSize(3);
    }
}
