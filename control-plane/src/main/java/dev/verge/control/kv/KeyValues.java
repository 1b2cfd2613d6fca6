package dev.verge.control.kv;

import dev.verge.control.access.AccountTable;
import dev.verge.control.api.ApiFailure;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Names;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.NodeIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Key-value storage as a whole: its routes, the changes that functions make by way of their nodes, and the end of what expires. */
public final class KeyValues implements KvWriter {
    private static final int EXPIRED_AT_ONCE = 500;

    private final Database database;
    private final LongConsumer announce;
    private final InstantSource clock;
    private final KvStore store;

    /**
     * Storage in one database.
     *
     * @param announce told each new log position after its commit is durable; must not block
     */
    public KeyValues(
            Database database,
            LongConsumer announce,
            InstantSource clock,
            Blobs blobs,
            KvLimits limits,
            MeterRegistry meters) {
        this.database = database;
        this.announce = announce;
        this.clock = clock;
        this.store = new KvStore(blobs, limits, meters);
    }

    /** The declared routes. */
    public List<Route> routes() {
        return new KvRoutes(store).routes();
    }

    @Override
    public Future<Void> write(NodeIdentity from, KvWrite write) {
        return off(() -> {
            KvTable.Place place = admitted(write);
            String value = write.value();
            if (value == null) {
                database.write(session -> KvStore.delete(session, place)).ifPresent(announce::accept);
                return;
            }
            try (Arrivals.Arrival whole = store.arrival(place)) {
                whole.add(Base64.getDecoder().decode(value));
                put(place, write, whole);
            }
        });
    }

    @Override
    public KvUpload upload(NodeIdentity from, KvWrite write) {
        try {
            return new Upload(admitted(write), write);
        } catch (ApiFailure failure) {
            throw new Refused(failure.problem().detail());
        }
    }

    /** A long value from a function; each call waits for the one before it. */
    private final class Upload implements KvUpload {
        private final KvTable.Place place;
        private final KvWrite write;
        private final Arrivals.Arrival value;
        private Future<Void> last = Future.succeededFuture();

        Upload(KvTable.Place place, KvWrite write) {
            this.place = place;
            this.write = write;
            this.value = store.arrival(place);
        }

        @Override
        public Future<Void> add(Buffer piece) {
            last = last.compose(v -> off(() -> value.add(piece.getBytes())));
            return last;
        }

        @Override
        public Future<Void> finish() {
            last = last.compose(v -> off(() -> {
                try (value) {
                    put(place, write, value);
                }
            }));
            return last;
        }

        @Override
        public void giveUp() {
            last = last.transform(v -> off(value::close));
        }
    }

    /** Blocking work, on a thread of its own; what ends a call of the API refuses a function's change. */
    private static Future<Void> off(Runnable work) {
        Promise<Void> promise = Promise.promise();
        Thread.ofVirtual().name("kv-write").start(() -> {
            try {
                work.run();
                promise.complete();
            } catch (ApiFailure failure) {
                promise.fail(new Refused(failure.problem().detail()));
            } catch (RuntimeException | Error e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    /** Removes what is no longer valid, in small commits, until there is nothing left of it. */
    public void expire() {
        Optional<Long> revision;
        do {
            Instant now = clock.instant();
            boolean due =
                    database.read(session -> !KvTable.expired(session, now, 1).isEmpty());
            revision =
                    due ? database.write(session -> KvStore.expire(session, now, EXPIRED_AT_ONCE)) : Optional.empty();
            revision.ifPresent(announce::accept);
        } while (revision.isPresent());
    }

    private KvTable.Place admitted(KvWrite write) {
        String mistake = KvEntry.nameMistake(write.key());
        if (mistake != null) {
            throw new Refused("the key " + mistake);
        }
        if (!write.namespace().matches(Names.NAME)) {
            throw new Refused("the namespace has no name that one may have");
        }
        KvTable.Place place = new KvTable.Place(write.account(), write.namespace(), write.key());
        store.admit(place);
        return place;
    }

    private void put(KvTable.Place place, KvWrite write, Arrivals.Arrival value) {
        Long expires = write.expires();
        Instant now = clock.instant();
        KvEntry entry = store.entry(
                place,
                value,
                Metadata.stored(write.metadata()),
                expires == null ? null : Instant.ofEpochSecond(expires));
        Optional<Long> revision = database.write(session -> {
            if (!AccountTable.exists(session, place.account())) {
                throw new Refused("the account is gone");
            }
            return Optional.ofNullable(store.put(session, entry, now).revision());
        });
        revision.ifPresent(announce::accept);
    }
}
