package dev.verge.control.api;

import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes: the change, its log entries, its audit line and its answer for repetitions are one transaction, and nodes hear of it as
 * soon as that is durable.
 */
public final class Commits {
    private final Database database;
    private final LongConsumer announce;

    /**
     * Changes of one store.
     *
     * @param announce told each new log position after its commit is durable; must not block
     */
    public Commits(Database database, LongConsumer announce) {
        this.database = database;
        this.announce = announce;
    }

    /** Runs a change; nothing of it stays when it fails. */
    Reply run(Caller caller, ReplayTable.@Nullable Key key, Instant now, Function<Session, Outcome> change) {
        Outcome outcome = database.write(session -> {
            if (key != null) {
                // Writers take turns, so of two equal calls the second one finds the first one's answer here.
                Optional<Reply> first =
                        ReplayTable.find(session, caller.principal().tokenId(), key, now);
                if (first.isPresent()) {
                    return Outcome.unchanged(first.get());
                }
            }
            Outcome done = change.apply(session);
            if (done.change() != null) {
                AuditTable.insert(session, caller, now, done.revision(), done.change());
            }
            if (key != null) {
                ReplayTable.insert(session, caller.principal().tokenId(), key, done.reply(), now);
            }
            return done;
        });
        if (outcome.revision() != null) {
            announce.accept(outcome.revision());
        }
        return outcome.reply();
    }

    Database database() {
        return database;
    }
}
