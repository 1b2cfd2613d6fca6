package dev.verge.node.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A map by text that never changes, in parts: the next one shares all parts in which nothing is another, so that a change costs the same
 * however much there is.
 */
final class Shards<V> {
    private static final int BITS = 8;

    private final List<Map<String, V>> parts;
    private final int size;

    private Shards(List<Map<String, V>> parts, int size) {
        this.parts = parts;
        this.size = size;
    }

    static <V> Shards<V> empty() {
        List<Map<String, V>> parts = new ArrayList<>(1 << BITS);
        for (int i = 0; i < 1 << BITS; i++) {
            parts.add(Map.of());
        }
        return new Shards<>(parts, 0);
    }

    /** Not the bits by which a map in a part orders its keys. */
    private static int part(String key) {
        return (key.hashCode() * 0x9E3779B9) >>> (Integer.SIZE - BITS);
    }

    @Nullable
    V get(String key) {
        return parts.get(part(key)).get(key);
    }

    int size() {
        return size;
    }

    Stream<V> values() {
        return parts.stream().flatMap(part -> part.values().stream());
    }

    Stream<String> keys() {
        return parts.stream().flatMap(part -> part.keySet().stream());
    }

    Next<V> next() {
        return new Next<>(this);
    }

    /** What is to become another one. Used by one thread. */
    static final class Next<V> {
        private final Shards<V> before;
        private final Map<Integer, Map<String, V>> changed = new HashMap<>();
        private int size;

        private Next(Shards<V> before) {
            this.before = before;
            this.size = before.size;
        }

        @Nullable
        V get(String key) {
            int part = part(key);
            return changed.getOrDefault(part, before.parts.get(part)).get(key);
        }

        @Nullable
        V put(String key, V value) {
            V former = open(key).put(key, value);
            size += former == null ? 1 : 0;
            return former;
        }

        @Nullable
        V remove(String key) {
            if (get(key) == null) {
                return null;
            }
            size--;
            return open(key).remove(key);
        }

        private Map<String, V> open(String key) {
            return changed.computeIfAbsent(part(key), part -> new HashMap<>(before.parts.get(part)));
        }

        /** The same as before when nothing was changed. */
        Shards<V> build() {
            if (changed.isEmpty()) {
                return before;
            }
            List<Map<String, V>> parts = new ArrayList<>(before.parts);
            changed.forEach((part, map) -> parts.set(part, Map.copyOf(map)));
            return new Shards<>(parts, size);
        }
    }
}
