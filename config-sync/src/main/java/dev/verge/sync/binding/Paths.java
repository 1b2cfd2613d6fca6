package dev.verge.sync.binding;

import java.util.regex.Pattern;

/** Places in a document: {@code pools.app.origins[2].url}, {@code errorPages["a b"]}. */
public final class Paths {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private Paths() {}

    /** A field below {@code path}. */
    public static String field(String path, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return path + "[\"" + Shown.shorten(name, 64) + "\"]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    /** An element of the list at {@code path}, from 0. */
    public static String element(String path, int index) {
        return path + "[" + index + "]";
    }
}
