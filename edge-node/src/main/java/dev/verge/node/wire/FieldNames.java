package dev.verge.node.wire;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The names of fields as strings that are made once for each thread, as origins send the same few all the time. */
public final class FieldNames {
    private static final int SLOTS = 256;
    private static final int LONGEST = 40;

    private static final FastThreadLocal<@Nullable String[]> KNOWN = new FastThreadLocal<>() {
        @Override
        protected @Nullable String[] initialValue() {
            return new String[SLOTS];
        }
    };

    private static final boolean[] TOKEN = characters();

    private FieldNames() {}

    /** How many of the first {@code length} bytes are a token. */
    public static int token(byte[] line, int length) {
        int end = 0;
        while (end < length && line[end] >= 0 && TOKEN[line[end]]) {
            end++;
        }
        return end;
    }

    /** Whether it is a token, so that it can be a field's name. */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean[] characters() {
        boolean[] token = new boolean[128];
        for (char c = '!'; c < 127; c++) {
            token[c] = Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
        return token;
    }

    /** The first {@code length} bytes, which are those of a token (RFC 9110 §5.6.2). */
    public static String of(byte[] line, int length) {
        if (length > LONGEST) {
            return made(line, length);
        }
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + line[i];
        }
        @Nullable String[] known = KNOWN.get();
        int slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
        String there = known[slot];
        if (there != null && isSame(there, line, length)) {
            return there;
        }
        String name = made(line, length);
        known[slot] = name;
        return name;
    }

    private static String made(byte[] line, int length) {
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSame(String name, byte[] line, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name.charAt(i) != line[i]) {
                return false;
            }
        }
        return true;
    }
}
