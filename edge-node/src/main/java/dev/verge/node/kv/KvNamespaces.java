package dev.verge.node.kv;

import dev.verge.sync.log.Keys;
import dev.verge.sync.log.KvEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All namespaces of all accounts, in memory up to a bound. Changed by one thread at a time; read from any. Keys are ordered as their
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

    /** Takes an entry in; says why not, or null. */
    public @Nullable String put(KvEntry entry) {
        byte[] inline;
        try {
            inline = entry.value() == null ? null : Base64.getDecoder().decode(entry.value());
        } catch (IllegalArgumentException broken) {
            return "its value is no base64";
        }
        Long expires = entry.expires();
        KvValue value = new KvValue(
                inline,
                entry.sha256(),
                inline == null ? entry.bytes() : inline.length,
                entry.metadata(),
                expires == null ? null : Instant.ofEpochSecond(Math.min(expires, Instant.MAX.getEpochSecond())));
        long more = value.weight(entry.name());
        if (!admits(more)) {
            return full();
        }
        KvValue before = namespaces
                .computeIfAbsent(entry.account() + "/" + entry.namespace(), name -> new ConcurrentSkipListMap<>())
                .put(entry.name(), value);
        weigh(more - (before == null ? 0 : before.weight(entry.name())));
        return null;
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
    public void remove(String logKey) {
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
    public void retain(Set<String> logKeys) {
        namespaces.forEach((namespace, keys) -> keys.forEach((name, value) -> {
            if (!logKeys.contains(Keys.KV_PREFIX + namespace + "/" + name) && keys.remove(name, value)) {
                weigh(-value.weight(name));
            }
        }));
    }

    /** A value that is valid now, or null. */
    public @Nullable KvValue get(String account, String namespace, String key, Instant now) {
        NavigableMap<String, KvValue> keys = namespaces.get(account + "/" + namespace);
        KvValue value = keys == null ? null : keys.get(key);
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
            KvValue value = entry.getValue();
            if (value.validAt(now)) {
                keys.add(new Key(name, value.expires(), value.metadata()));
            }
        }
        return new Listed(keys, null);
    }

    /** What all of it takes of memory, about. */
    public long bytes() {
        return bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void weigh(long change) {
        bytes += change;
    }
}
