package dev.verge.cache.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of field names that is asked for every field of every message: without case (RFC 9110 §5.1), and without making a string.
 * Immutable.
 */
public final class FieldNameSet {
    private static final int LONGEST = 63;

    private final @Nullable String[] slots;

    /** The lengths that names have, one bit each: most names are told apart by that. */
    private final long lengths;

    private FieldNameSet(@Nullable String[] slots, long lengths) {
        this.slots = slots;
        this.lengths = lengths;
    }

    /** A set of these names; ASCII, at most 63 characters each. */
    public static FieldNameSet of(String... names) {
        @Nullable String[] slots = new String[Integer.highestOneBit(Math.max(1, names.length)) * 4];
        long lengths = 0;
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.isEmpty() || lower.length() > LONGEST) {
                throw new IllegalArgumentException("names: \"" + name + "\" has not 1 to 63 characters");
            }
            lengths |= 1L << lower.length();
            int slot = hash(lower, false) & (slots.length - 1);
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = lower;
        }
        return new FieldNameSet(slots, lengths);
    }

    public boolean contains(String name) {
        return contains(name, false);
    }

    /** The same, where {@code _} counts as {@code -}: gateways to scripts make one variable of both. */
    public boolean containsAsOriginsRead(String name) {
        return contains(name, true);
    }

    private boolean contains(String name, boolean folded) {
        int length = name.length();
        if (length > LONGEST || (lengths & (1L << length)) == 0) {
            return false;
        }
        int slot = hash(name, folded) & (slots.length - 1);
        for (String there = slots[slot]; there != null; there = slots[slot]) {
            if (isSame(there, name, folded)) {
                return true;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return false;
    }

    private static boolean isSame(String lower, String name, boolean folded) {
        if (lower.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) != canonical(name.charAt(i), folded)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(String name, boolean folded) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 31 + canonical(name.charAt(i), folded);
        }
        return hash ^ (hash >>> 15);
    }

    private static char canonical(char c, boolean folded) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return folded && c == '_' ? '-' : c;
    }
}
