package dev.verge.sync.binding;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Identity-keyed like {@link java.util.IdentityHashMap}, iterated in the order of insertion. */
final class OrderedPlaces extends AbstractMap<Object, String> {

    private final List<Object> order;
    private final IdentityHashMap<Object, String> places;

    OrderedPlaces(List<Object> order, IdentityHashMap<Object, String> places) {
        this.order = order;
        this.places = places;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        return key == null ? null : places.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key != null && places.containsKey(key);
    }

    @Override
    public Set<Map.Entry<Object, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Object, String>> iterator() {
                return order.stream()
                        .map(made -> Map.entry(made, places.getOrDefault(made, "")))
                        .iterator();
            }

            @Override
            public int size() {
                return order.size();
            }
        };
    }
}
