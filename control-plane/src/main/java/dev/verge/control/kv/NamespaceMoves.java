package dev.verge.control.kv;

import dev.verge.control.log.LogTable;
import dev.verge.control.reach.NamespaceTable;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.control.store.StoreException;
import dev.verge.sync.log.Keys;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the keys of namespaces to the nodes that came to need them, and away from those that no longer do: a few to a commit, so that what
 * else is written need not wait for all of them.
 */
public final class NamespaceMoves {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceMoves.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int NAMESPACES_AT_ONCE = 100;
    private static final int KEYS_OF_A_COMMIT = 100;
    private static final long CHARACTERS_OF_A_COMMIT = 1L << 20;

    private final Vertx vertx;
    private final Database database;
    private final LongConsumer announce;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;
    private volatile boolean closed;

    /**
     * Looks twice a second from now on.
     *
     * @param announce told each new log position after its commit is durable; must not block
     */
    public NamespaceMoves(Vertx vertx, Database database, LongConsumer announce) {
        this.vertx = vertx;
        this.database = database;
        this.announce = announce;
        this.timer = vertx.setPeriodic(
                LOOK.toMillis(),
                id -> Thread.ofVirtual().name("namespace-moves").start(this::look));
    }

    /** Begins no further commit. */
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            for (NamespaceTable.Move move :
                    database.read(session -> NamespaceTable.moving(session, NAMESPACES_AT_ONCE))) {
                String prefix = Keys.kv(move.account(), move.namespace(), "");
                String after = prefix;
                while (!closed && !after.isEmpty()) {
                    String from = after;
                    Step step = database.write(session -> step(session, move, prefix, from));
                    step.revision().ifPresent(announce);
                    after = step.after();
                }
            }
        } catch (StoreException e) {
            LOG.warn("keys of namespaces could not be brought to their nodes; tried again", e);
        } finally {
            looking.set(false);
        }
    }

    /**
     * What a commit did.
     *
     * @param after the last key that was looked at; empty when the move is over, or has become another
     */
    private record Step(OptionalLong revision, String after) {}

    private static Step step(Session session, NamespaceTable.Move move, String prefix, String from) {
        if (!NamespaceTable.wanted(session, move)) {
            return new Step(OptionalLong.empty(), "");
        }
        List<LogTable.Change> moved = new ArrayList<>();
        String after = "";
        long characters = 0;
        for (LogTable.Change each : LogTable.below(session, prefix, from, KEYS_OF_A_COMMIT)) {
            after = each.key();
            if (!each.placement().equals(move.to())) {
                moved.add(new LogTable.Change(each.key(), each.json(), move.to()));
                characters += String.valueOf(each.json()).length();
            }
            if (characters > CHARACTERS_OF_A_COMMIT) {
                break;
            }
        }
        if (after.isEmpty()) {
            NamespaceTable.arrived(session, move);
        }
        return new Step(
                moved.isEmpty() ? OptionalLong.empty() : OptionalLong.of(LogTable.append(session, moved)), after);
    }
}
