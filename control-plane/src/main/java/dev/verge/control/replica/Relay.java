package dev.verge.control.replica;

import dev.verge.control.store.Database;
import dev.verge.control.store.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages in order, on one thread, and takes those that came. A message that cannot be stored is given up, never sent twice: an
 * order may not be carried out twice.
 */
final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    /** Characters that may wait to be sent. */
    private static final long MOST_WAITING = 32L << 20;

    private static final int BATCH = 100;

    private final Database database;
    private final String id;
    private final Consumer<Message> lost;
    private final Object lock = new Object();
    private final Queue<Message> waiting = new ArrayDeque<>();
    private final Thread sender;
    private long waitingCharacters;
    private boolean closed;

    /**
     * Messages of the control plane {@code id}.
     *
     * @param lost told of each message that could not be sent
     */
    Relay(Database database, String id, Consumer<Message> lost) {
        this.database = database;
        this.id = id;
        this.lost = lost;
        this.sender = Thread.ofVirtual().name("relay").start(this::run);
    }

    /** Sends a message soon; answers false when too much waits already. */
    boolean send(Message message) {
        synchronized (lock) {
            if (closed || waitingCharacters + message.body().length() > MOST_WAITING) {
                return false;
            }
            waitingCharacters += message.body().length();
            waiting.add(message);
            lock.notifyAll();
            return true;
        }
    }

    /** Hands on what has come; one call at a time. */
    void receive(Consumer<Message> receiver) {
        List<Message> taken;
        do {
            taken = database.relay(session -> ReplicaTable.take(session, id, BATCH));
            taken.forEach(receiver);
        } while (taken.size() == BATCH);
    }

    private void run() {
        while (true) {
            List<Message> batch = new ArrayList<>();
            synchronized (lock) {
                while (waiting.isEmpty() && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
                if (waiting.isEmpty()) {
                    return;
                }
                for (Message next = waiting.poll(); next != null; next = batch.size() < BATCH ? waiting.poll() : null) {
                    batch.add(next);
                    waitingCharacters -= next.body().length();
                }
            }
            send(batch);
        }
    }

    private void send(List<Message> batch) {
        try {
            database.relay(session -> {
                batch.forEach(message -> ReplicaTable.send(session, id, message));
                batch.stream()
                        .map(Message::peer)
                        .distinct()
                        .forEach(receiver -> session.signal(Signal.RELAY, receiver));
                return batch.size();
            });
        } catch (RuntimeException e) {
            LOG.warn("{} messages to other control planes could not be sent", batch.size(), e);
            batch.forEach(lost);
        }
    }

    /** Sends what waits, then ends. Blocks. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
