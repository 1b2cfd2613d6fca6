package dev.verge.cache.decision;

import java.util.Locale;

/**
 * The name of a query parameter as the most lenient origin may read it: decoded, without case, without blanks in front, and without
 * the index of a list ({@code a[0]}). Two parameters that any origin takes for the same one have the same name here; the reverse
 * need not hold.
 */
final class ParameterName {
    private ParameterName() {}

    static String of(String parameter) {
        int equals = parameter.indexOf('=');
        String written = equals < 0 ? parameter : parameter.substring(0, equals);
        return isPlain(written) ? written : lenient(written);
    }

    /** Whether some origins see more than one parameter in it: {@code ;} once separated parameters as well. */
    static boolean mayHoldOthers(String parameter) {
        return parameter.indexOf(';') >= 0;
    }

    private static boolean isPlain(String written) {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    private static String lenient(String written) {
        String name = SearchVariance.decoded(written).stripLeading();
        int end = 0;
        while (end < name.length() && name.charAt(end) != '[' && name.charAt(end) >= 0x20) {
            end++;
        }
        // Some languages turn blanks and dots of names into underscores.
        return name.substring(0, end).toLowerCase(Locale.ROOT).replace('.', '_').replace(' ', '_');
    }
}
