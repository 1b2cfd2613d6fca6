package dev.verge.sync.binding;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as documents write them: whole bytes, or {@code 64KiB 10MiB 2GiB 1TiB}. */
public final class SizeText {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(B|KiB|MiB|GiB|TiB)?");
    private static final Pattern DECIMAL = Pattern.compile("(\\d{1,18})([kKmMgGtT])[bB]?");

    private SizeText() {}

    /**
     * Reads one, in bytes.
     *
     * @throws IllegalArgumentException with the fix as message when {@code text} is none
     */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            Matcher decimal = DECIMAL.matcher(text);
            if (decimal.matches()) {
                throw new IllegalArgumentException("write " + decimal.group(1)
                        + Character.toUpperCase(decimal.group(2).charAt(0)) + "iB");
            }
            throw new IllegalArgumentException("write it as 4096, 64KiB, 10MiB or 2GiB");
        }
        int shift = switch (form.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            case null, default -> 0;
        };
        try {
            return Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift);
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("write a smaller size", tooLarge);
        }
    }

    /** The shortest form: the largest unit that needs no fraction. */
    public static String format(long bytes) {
        String[] units = {"TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (10 * (units.length - i));
            if (bytes != 0 && bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return Long.toString(bytes);
    }
}
