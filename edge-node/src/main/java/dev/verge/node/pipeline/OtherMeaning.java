package dev.verge.node.pipeline;

import dev.verge.cache.http.FieldNameSet;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.options.CacheOptions.KeyOptions;

/**
 * Requests that an origin may take for another one than their key tells: its answer must not be stored under that key, nor a stored
 * one be given. They are passed on unchanged.
 */
final class OtherMeaning {
    /** By these, many frameworks take another method, URL or host than the request has. */
    private static final FieldNameSet OVERRIDES = FieldNameSet.of(
            "x-http-method-override",
            "x-http-method",
            "x-method-override",
            "x-original-url",
            "x-rewrite-url",
            "x-original-host",
            "x-host",
            "x-http-host-override");

    /** Decoding more often than this finds nothing that servers in a row would. */
    private static final int MAX_DECODINGS = 3;

    private OtherMeaning() {}

    /**
     * Whether a request may be one of these.
     *
     * @param fields as the client sent them: what rules set is the same for everybody, or part of the key
     * @param key fields that are part of the key do no harm
     */
    static boolean isPossible(String path, HttpFields fields, KeyOptions key) {
        return isAmbiguous(path) || overrides(fields, key);
    }

    private static boolean overrides(HttpFields fields, KeyOptions key) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (OVERRIDES.containsAsOriginsRead(name) && key.headers().stream().noneMatch(name::equalsIgnoreCase)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a path leads elsewhere where dots, slashes and escapes are resolved: {@code /static/..%2faccount} is an asset by its
     * text and a page by what the origin makes of it. Also true for control characters, at which some servers cut a path off.
     */
    static boolean isAmbiguous(String path) {
        if (path.indexOf('%') < 0 && path.indexOf('\\') < 0 && !path.contains("/.")) {
            return false;
        }
        String decoded = path;
        for (int i = 0; i <= MAX_DECODINGS; i++) {
            if (hasDotSegment(decoded) || decoded.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                return true;
            }
            String next = decoded(decoded);
            if (next.equals(decoded)) {
                return false;
            }
            decoded = next;
        }
        return true;
    }

    private static boolean hasDotSegment(String path) {
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/' || path.charAt(i) == '\\') {
                // Parameters of a segment ("..;x=1") are cut off by some before dots are resolved.
                int parameters = path.indexOf(';', start);
                String segment = path.substring(start, parameters >= 0 && parameters < i ? parameters : i);
                if (segment.equals(".") || segment.equals("..")) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static String decoded(String text) {
        var decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                decoded.append((char) (high * 16 + low));
                i += 2;
            } else {
                decoded.append(c);
            }
        }
        return decoded.toString();
    }
}
