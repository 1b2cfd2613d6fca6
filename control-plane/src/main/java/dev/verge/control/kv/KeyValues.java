package dev.verge.control.kv;

import dev.verge.control.access.AccountTable;
import dev.verge.control.api.ApiFailure;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Names;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.KvWriter;
import dev.verge.sync.server.NodeIdentity;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
    public KeyValues(Database database, LongConsumer announce, InstantSource clock, Blobs blobs, KvLimits limits) {
        this.database = database;
        this.announce = announce;
        this.clock = clock;
        this.store = new KvStore(blobs, limits);
    }

    /** The declared routes. */
    public List<Route> routes() {
        return new KvRoutes(store).routes();
    }

    @Override
    public Future<Void> write(NodeIdentity from, KvWrite write) {
        Promise<Void> promise = Promise.promise();
        Thread.ofVirtual().name("kv-write").start(() -> {
            try {
                write(write);
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

    private void write(KvWrite write) {
        String mistake = KvEntry.nameMistake(write.key());
        if (mistake != null) {
            throw new Refused("the key " + mistake);
        }
        if (!write.namespace().matches(Names.NAME)) {
            throw new Refused("the namespace has no name that one may have");
        }
        KvTable.Place place = new KvTable.Place(write.account(), write.namespace(), write.key());
        store.admit(place);
        Instant now = clock.instant();
        Optional<Long> revision;
        String value = write.value();
        if (value == null) {
            revision = database.write(session -> KvStore.delete(session, place));
        } else {
            Long expires = write.expires();
            KvEntry entry = store.entry(
                    place,
                    Base64.getDecoder().decode(value),
                    write.metadata(),
                    expires == null ? null : Instant.ofEpochSecond(expires));
            revision = database.write(session -> {
                if (!AccountTable.exists(session, place.account())) {
                    throw new Refused("the account is gone");
                }
                return Optional.ofNullable(store.put(session, entry, now).revision());
            });
        }
        revision.ifPresent(announce::accept);
    }
}
