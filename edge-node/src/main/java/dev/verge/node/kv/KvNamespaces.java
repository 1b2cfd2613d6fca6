package dev.verge.node.kv;

import dev.verge.sync.log.Keys;
import dev.verge.sync.log.KvEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of all accounts, in memory up to a bound. Thread-safe. Keys are ordered as their
 * UTF-16 code units are.
 */
public final class KvNamespaces {
    /** Most keys in one answer of {@link #list}. */
    public static final int MAX_LISTED = 1_000;

    /** What a pair takes beside its text. */
    static final int PAIR_BYTES = 200;

    /** What the name of a blob takes. */
    static final int BLOB_BYTES = 64;

    /** Keys that were passed over because they had expired count too: a list is bounded work. */
    private static final int MAX_SEEN = 10_000;

    private final long maxBytes;
    private final Map<String, NavigableMap<String, KvValue>> namespaces = new ConcurrentHashMap<>();
    private volatile long bytes;

    /** Holds nothing; at most {@code maxBytes} of keys and values. */
    public KvNamespaces(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * A part of a namespace's keys.
     *
     * @param next where the next part begins, null at the end
     */
    public record Listed(List<Key> keys, @Nullable String next) {}

    /** A key with what is told of it in a list. */
    public record Key(
            String name,
            @Nullable Instant expires,
            @Nullable String metadata) {}

    /** Takes an entry in whose blob, if it has one, is here; says why not, or null. */
    public @Nullable String put(KvEntry entry) {
        return put(entry, true);
    }

    /** Takes an entry in; one whose blob is not here is not read before it has {@link #arrived}. */
    public @Nullable String expect(KvEntry entry) {
        return put(entry, false);
    }

    private synchronized @Nullable String put(KvEntry entry, boolean here) {
        byte[] inline;
        try {
            inline = entry.value() == null ? null : Base64.getDecoder().decode(entry.value());
        } catch (IllegalArgumentException broken) {
            return "its value is no base64";
        }
        NavigableMap<String, KvValue> keys = namespaces.computeIfAbsent(
                entry.account() + "/" + entry.namespace(), name -> new ConcurrentSkipListMap<>());
        KvValue old = keys.get(entry.name());
        KvValue readable = old == null ? null : old.readable();
        boolean arriving = !here
                && entry.sha256() != null
                && (readable == null || !entry.sha256().equals(readable.sha256()));
        Long expires = entry.expires();
        KvValue value = new KvValue(
                inline,
                entry.sha256(),
                inline == null ? entry.bytes() : inline.length,
                entry.metadata(),
                expires == null ? null : Instant.ofEpochSecond(Math.min(expires, Instant.MAX.getEpochSecond())),
                arriving,
                arriving ? readable : null);
        long more = value.weight(entry.name()) - (old == null ? 0 : old.weight(entry.name()));
        if (!admits(more)) {
            return full();
        }
        keys.put(entry.name(), value);
        weigh(more);
        return null;
    }

    /** The blob of an entry is here; nothing happens when the key has another value by now. */
    public synchronized void arrived(KvEntry entry) {
        NavigableMap<String, KvValue> keys = namespaces.get(entry.account() + "/" + entry.namespace());
        KvValue value = keys == null ? null : keys.get(entry.name());
        if (keys != null && value != null && value.arriving() && Objects.equals(value.sha256(), entry.sha256())) {
            keys.put(entry.name(), value.arrived());
            weigh(value.arrived().weight(entry.name()) - value.weight(entry.name()));
        }
    }

    /** Whether an entry's blob is still wanted. */
    public boolean awaits(KvEntry entry) {
        NavigableMap<String, KvValue> keys = namespaces.get(entry.account() + "/" + entry.namespace());
        KvValue value = keys == null ? null : keys.get(entry.name());
        return value != null && value.arriving() && Objects.equals(value.sha256(), entry.sha256());
    }

    /** About what an entry takes, at most. */
    public static long weight(KvEntry entry) {
        String value = entry.value();
        String metadata = entry.metadata();
        return PAIR_BYTES
                + 2L * entry.name().length()
                + (value == null ? BLOB_BYTES : value.length())
                + (metadata == null ? 0 : metadata.length());
    }

    /** Whether there is room for so many bytes more. */
    public boolean admits(long more) {
        return bytes + more <= maxBytes;
    }

    /** Why there is none. */
    public String full() {
        return "this node keeps at most " + maxBytes + " bytes of key-value pairs (functions.kvBytes)";
    }

    /** A tombstone of the log. */
    public synchronized void remove(String logKey) {
        int account = Keys.KV_PREFIX.length();
        int namespace = logKey.indexOf('/', logKey.indexOf('/', account) + 1);
        NavigableMap<String, KvValue> keys = namespaces.get(logKey.substring(account, namespace));
        String name = logKey.substring(namespace + 1);
        KvValue before = keys == null ? null : keys.remove(name);
        if (before != null) {
            weigh(-before.weight(name));
        }
    }

    /** Drops every key whose log key is not among these. */
    public synchronized void retain(Set<String> logKeys) {
        namespaces.forEach((namespace, keys) -> keys.forEach((name, value) -> {
            if (!logKeys.contains(Keys.KV_PREFIX + namespace + "/" + name) && keys.remove(name, value)) {
                weigh(-value.weight(name));
            }
        }));
    }

    /** A value that is valid now, or null. */
    public @Nullable KvValue get(String account, String namespace, String key, Instant now) {
        NavigableMap<String, KvValue> keys = namespaces.get(account + "/" + namespace);
        KvValue newest = keys == null ? null : keys.get(key);
        KvValue value = newest == null ? null : newest.readable();
        return value == null || !value.validAt(now) ? null : value;
    }

    /**
     * Keys in order.
     *
     * @param prefix they begin with
     * @param from the first one, itself included; empty for the beginning
     * @param limit 1 to {@link #MAX_LISTED}
     */
    public Listed list(String account, String namespace, String prefix, String from, int limit, Instant now) {
        NavigableMap<String, KvValue> all = namespaces.get(account + "/" + namespace);
        List<Key> keys = new ArrayList<>();
        if (all == null) {
            return new Listed(keys, null);
        }
        int seen = 0;
        for (Map.Entry<String, KvValue> entry :
                all.tailMap(from.compareTo(prefix) > 0 ? from : prefix, true).entrySet()) {
            String name = entry.getKey();
            if (!name.startsWith(prefix)) {
                break;
            }
            if (keys.size() == limit || seen++ == MAX_SEEN) {
                return new Listed(keys, name);
            }
            KvValue value = entry.getValue().readable();
            if (value != null && value.validAt(now)) {
                keys.add(new Key(name, value.expires(), value.metadata()));
            }
        }
        return new Listed(keys, null);
    }

    /** What all of it takes of memory, about. */
    public long bytes() {
        return bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock.
    private void weigh(long change) {
        bytes += change;
    }
}
