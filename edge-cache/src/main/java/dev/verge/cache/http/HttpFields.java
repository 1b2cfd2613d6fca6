package dev.verge.cache.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable, ordered list of header field lines. Names compare without case (RFC 9110 §5.1); values are kept as they came,
 * without surrounding whitespace. Lookup is a scan: heads are short, and a scan of an array is cheaper than building an index.
 */
public final class HttpFields {
    public static final HttpFields EMPTY = new HttpFields(new String[0]);

    /** name, value, name, value, … */
    private final String[] pairs;

    private HttpFields(String[] pairs) {
        this.pairs = pairs;
    }

    /**
     * Fields from a flat list, which is copied.
     *
     * @param pairs name, value, name, value, …
     */
    public static HttpFields of(String... pairs) {
        if (pairs.length % 2 != 0) {
            throw new IllegalArgumentException("pairs: a name has no value; pass name, value, name, value");
        }
        return pairs.length == 0 ? EMPTY : new HttpFields(pairs.clone());
    }

    public static Builder builder() {
        return new Builder(16);
    }

    public Builder toBuilder() {
        var builder = new Builder(pairs.length + 8);
        System.arraycopy(pairs, 0, builder.pairs, 0, pairs.length);
        builder.length = pairs.length;
        return builder;
    }

    /** Number of field lines. */
    public int size() {
        return pairs.length >> 1;
    }

    public boolean isEmpty() {
        return pairs.length == 0;
    }

    public String name(int line) {
        return pairs[line << 1];
    }

    public String value(int line) {
        return pairs[(line << 1) + 1];
    }

    /** The value of the first line with that name, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    /** The values of all lines with that name, in order. */
    public List<String> all(String name) {
        List<String> found = List.of();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(2);
                }
                found.add(pairs[i + 1]);
            }
        }
        return found;
    }

    /** The combined field value (RFC 9110 §5.2): all lines joined with ", "; null when there is no such line. */
    public @Nullable String combined(String name) {
        @Nullable String value = null;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                value = value == null ? pairs[i + 1] : value + ", " + pairs[i + 1];
            }
        }
        return value;
    }

    /** These fields without the lines whose name is refused; the same object when nothing is refused. */
    public HttpFields without(Predicate<String> refusedName) {
        @Nullable Builder kept = null;
        for (int i = 0; i < pairs.length; i += 2) {
            boolean refused = refusedName.test(pairs[i]);
            if (refused && kept == null) {
                kept = new Builder(pairs.length);
                System.arraycopy(pairs, 0, kept.pairs, 0, i);
                kept.length = i;
            } else if (!refused && kept != null) {
                kept.add(pairs[i], pairs[i + 1]);
            }
        }
        return kept == null ? this : kept.build();
    }

    public HttpFields without(String name) {
        return without(name::equalsIgnoreCase);
    }

    /** These fields with exactly one line of that name. */
    public HttpFields with(String name, String value) {
        return toBuilder().set(name, value).build();
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** Characters of all names and values: the base of size estimates. */
    public int characters() {
        int sum = 0;
        for (String text : pairs) {
            sum += text.length();
        }
        return sum;
    }

    /** The same fields, with names and values that other heads have, too, taken from those that are kept once for all. */
    public HttpFields shared() {
        String[] kept = new String[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            kept[i] = SharedText.of(pairs[i]);
        }
        return kept.length == 0 ? this : new HttpFields(kept);
    }

    /** Names and values that no other head shares, and their characters: what these fields take of the heap beside their list. */
    public int ownBytes(int textOverhead) {
        int sum = 0;
        for (String text : pairs) {
            sum += SharedText.isShared(text) ? 0 : textOverhead + text.length();
        }
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpFields fields && Arrays.equals(pairs, fields.pairs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pairs);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    /** Collects lines; not for sharing between threads. */
    public static final class Builder {
        private String[] pairs;
        private int length;

        private Builder(int capacity) {
            pairs = new String[Math.max(2, capacity + (capacity & 1))];
        }

        public Builder add(String name, String value) {
            if (length == pairs.length) {
                pairs = Arrays.copyOf(pairs, length * 2);
            }
            pairs[length++] = name;
            pairs[length++] = value;
            return this;
        }

        /** Replaces all lines of that name by one, at the place of the first (or at the end). */
        public Builder set(String name, String value) {
            for (int i = 0; i < length; i += 2) {
                if (pairs[i].equalsIgnoreCase(name)) {
                    pairs[i + 1] = value;
                    removeFrom(i + 2, name);
                    return this;
                }
            }
            return add(name, value);
        }

        public Builder remove(String name) {
            removeFrom(0, name);
            return this;
        }

        private void removeFrom(int start, String name) {
            int kept = start;
            for (int i = start; i < length; i += 2) {
                if (!pairs[i].equalsIgnoreCase(name)) {
                    pairs[kept] = pairs[i];
                    pairs[kept + 1] = pairs[i + 1];
                    kept += 2;
                }
            }
            length = kept;
        }

        public HttpFields build() {
            return length == 0 ? EMPTY : new HttpFields(Arrays.copyOf(pairs, length));
        }
    }
}
