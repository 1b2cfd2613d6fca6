package dev.verge.cache.http;

import org.jspecify.annotations.Nullable;

/**
 * Texts that many heads have, each kept once: names of fields, and values such as {@code text/html} or {@code max-age=60}. Bounded and
 * forgetful: a text has one of two places that its hash says. A new one takes the second, and a text that comes again there changes with the
 * first, so that those which come once, as dates and validators do, never drive out one that has proven itself. For any thread: without a
 * lock, as a lost write costs a copy and no more.
 */
final class SharedText {
    /** Longer texts are hardly ever those of another head. */
    static final int LONGEST = 128;

    private static final int PLACE_BITS = 12;
    private static final int SPREAD = 0x9E3779B9;
    private static final @Nullable String[] KEPT = new @Nullable String[2 << PLACE_BITS];

    private SharedText() {}

    /** The one that is kept of all equal texts, or else this one. */
    static String of(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int first = place(text);
        String proven = KEPT[first];
        if (proven != null && proven.equals(text)) {
            return proven;
        }
        String again = KEPT[first + 1];
        if (again != null && again.equals(text)) {
            KEPT[first + 1] = proven;
            KEPT[first] = again;
            return again;
        }
        KEPT[first + 1] = text;
        return text;
    }

    /** Whether others have this very text, too. */
    @SuppressWarnings("ReferenceEquality") // An equal one is a copy, which takes room of its own.
    static boolean isShared(String text) {
        return KEPT[place(text)] == text;
    }

    private static int place(String text) {
        return ((text.hashCode() * SPREAD) >>> (Integer.SIZE - PLACE_BITS)) << 1;
    }
}
