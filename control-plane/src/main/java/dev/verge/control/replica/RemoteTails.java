package dev.verge.control.replica;

import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.Tails;
import dev.verge.sync.wire.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches functions here, and what peers watch on the nodes of this control plane. A peer repeats what it watches; silence ends it.
 * Safe for use from any thread.
 */
final class RemoteTails {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteTails.class);

    /** Characters of records that may wait for one peer; more are dropped and counted. */
    private static final long MOST_WAITING = 1 << 20;

    private final Tails tails;
    private final Predicate<Message> send;
    private final Runnable changed;
    private final Object lock = new Object();
    private final Map<String, List<Consumer<Tails.Seen>>> here = new HashMap<>();
    private final Map<String, Peer> peers = new HashMap<>();

    /** What one peer watches here, and what waits for it by node. */
    private static final class Peer {
        final Map<String, Registration> watched = new HashMap<>();
        final Map<String, Waiting> waiting = new LinkedHashMap<>();
        long characters;
        long heardNanos;
    }

    private static final class Waiting {
        final List<LiveRecord> records = new ArrayList<>();
        long dropped;
    }

    /**
     * Nobody watches yet.
     *
     * @param changed told when other functions are watched here than before; must not block
     */
    RemoteTails(Tails tails, Predicate<Message> send, Runnable changed) {
        this.tails = tails;
        this.send = send;
        this.changed = changed;
    }

    Registration watch(String account, String function, Consumer<Tails.Seen> watcher) {
        Registration local = tails.watch(account, function, watcher);
        String name = LiveRecord.name(account, function);
        synchronized (lock) {
            here.computeIfAbsent(name, key -> new ArrayList<>()).add(watcher);
        }
        changed.run();
        return () -> {
            local.close();
            synchronized (lock) {
                List<Consumer<Tails.Seen>> left = here.getOrDefault(name, new ArrayList<>());
                left.remove(watcher);
                if (left.isEmpty()) {
                    here.remove(name);
                }
            }
            changed.run();
        };
    }

    int watchers() {
        synchronized (lock) {
            return here.values().stream().mapToInt(List::size).sum();
        }
    }

    /** What is watched here, for peers. */
    Frame.Tail watched() {
        synchronized (lock) {
            return new Frame.Tail(List.copyOf(new TreeSet<>(here.keySet())));
        }
    }

    /** A peer watches these functions from now on. */
    void watches(String peer, Frame.Tail watched, long nanos) {
        List<Registration> ended = new ArrayList<>();
        synchronized (lock) {
            Peer known = peers.computeIfAbsent(peer, key -> new Peer());
            known.heardNanos = nanos;
            Set<String> wanted = Set.copyOf(watched.functions());
            known.watched.entrySet().removeIf(entry -> {
                if (!wanted.contains(entry.getKey())) {
                    ended.add(entry.getValue());
                    return true;
                }
                return false;
            });
            for (String name : wanted) {
                int slash = name.indexOf('/');
                if (slash > 0 && !known.watched.containsKey(name)) {
                    start(peer, known, name, name.substring(0, slash), name.substring(slash + 1));
                }
            }
        }
        ended.forEach(Registration::close);
    }

    private void start(String peer, Peer known, String name, String account, String function) {
        try {
            known.watched.put(name, tails.watch(account, function, seen -> keep(peer, account, function, seen)));
        } catch (IllegalStateException full) {
            LOG.warn("runs of {} are not told to another control plane: {}", name, full.getMessage());
        }
    }

    private void keep(String peer, String account, String function, Tails.Seen seen) {
        synchronized (lock) {
            Peer known = peers.get(peer);
            if (known == null) {
                return;
            }
            switch (seen) {
                case Tails.Seen.Run(String node, String json) -> {
                    Waiting waiting = known.waiting.computeIfAbsent(node, key -> new Waiting());
                    if (known.characters + json.length() > MOST_WAITING) {
                        waiting.dropped++;
                    } else {
                        known.characters += json.length();
                        waiting.records.add(new LiveRecord(account, function, json));
                    }
                }
                case Tails.Seen.Dropped(String node, long records) ->
                    known.waiting.computeIfAbsent(node, key -> new Waiting()).dropped += records;
            }
        }
    }

    /** Sends what waits; called every few milliseconds. */
    void flush() {
        List<Message> messages = new ArrayList<>();
        synchronized (lock) {
            peers.forEach((peer, known) -> {
                known.waiting.forEach((node, waiting) -> messages.add(new Message(
                        peer,
                        Message.Kind.SEEN,
                        node,
                        new Frame.Records(waiting.dropped, List.copyOf(waiting.records)).encode())));
                known.waiting.clear();
                known.characters = 0;
            });
        }
        for (Message message : messages) {
            if (!send.test(message)) {
                LOG.debug("runs on {} were not told to another control plane: too much is on its way", message.node());
            }
        }
    }

    /** Runs on a node of a peer. */
    void seen(String node, Frame.Records records) {
        if (records.dropped() > 0) {
            List<Consumer<Tails.Seen>> all;
            synchronized (lock) {
                all = here.values().stream().flatMap(List::stream).toList();
            }
            all.forEach(watcher -> watcher.accept(new Tails.Seen.Dropped(node, records.dropped())));
        }
        for (LiveRecord each : records.records()) {
            List<Consumer<Tails.Seen>> those;
            synchronized (lock) {
                those = List.copyOf(here.getOrDefault(LiveRecord.name(each.account(), each.function()), List.of()));
            }
            those.forEach(watcher -> watcher.accept(new Tails.Seen.Run(node, each.json())));
        }
    }

    /** Ends what silent peers watch. */
    void expire(long nanos, Duration silence) {
        List<Registration> ended = new ArrayList<>();
        synchronized (lock) {
            peers.values().removeIf(known -> {
                boolean silent = nanos - known.heardNanos > silence.toNanos();
                if (silent) {
                    ended.addAll(known.watched.values());
                }
                return silent;
            });
        }
        ended.forEach(Registration::close);
    }
}
