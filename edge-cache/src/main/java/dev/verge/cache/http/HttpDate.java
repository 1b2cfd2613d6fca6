package dev.verge.cache.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** HTTP dates (RFC 9110 §5.6.7). Reads IMF-fixdate, RFC 850 and asctime; writes IMF-fixdate. */
public final class HttpDate {
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final List<String> LONG_DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private HttpDate() {}

    public static String format(Instant instant) {
        return IMF_FIXDATE.format(instant);
    }

    /**
     * Reads a date. The grammar is case-sensitive; names in another case are read all the same, since nothing else can be meant
     * and a recipient is to be robust with dates (RFC 9110 §5.6.7).
     *
     * @param now decides the century of a two-digit year: a date more than 50 years ahead is in the past (RFC 9110 §5.6.7)
     * @return null when the text is none of the three forms exactly but for case; the name of the day is checked for syntax, not for truth
     */
    public static @Nullable Instant parse(String written, Instant now) {
        String text = written.toLowerCase(Locale.ROOT);
        try {
            int comma = text.indexOf(',');
            if (comma == 3) {
                return imfFixdate(text);
            }
            return comma > 3 ? rfc850(text, comma, now) : asctime(text);
        } catch (DateTimeException | Malformed malformed) {
            return null;
        }
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT} */
    private static Instant imfFixdate(String text) throws Malformed {
        require(text.length() == 29 && DAYS.contains(text.substring(0, 3)) && text.charAt(4) == ' ');
        require(text.charAt(7) == ' ' && text.charAt(11) == ' ' && text.charAt(16) == ' ' && text.endsWith(" gmt"));
        return instant(number(text, 12, 4), month(text, 8), number(text, 5, 2), text, 17);
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT} */
    private static Instant rfc850(String text, int comma, Instant now) throws Malformed {
        require(LONG_DAYS.contains(text.substring(0, comma)) && text.length() == comma + 24 && text.endsWith(" gmt"));
        require(text.charAt(comma + 1) == ' ' && text.charAt(comma + 4) == '-' && text.charAt(comma + 8) == '-');
        require(text.charAt(comma + 11) == ' ');
        int thisYear = now.atOffset(ZoneOffset.UTC).getYear();
        int year = thisYear - thisYear % 100 + number(text, comma + 9, 2);
        Instant date = instant(year, month(text, comma + 5), number(text, comma + 2, 2), text, comma + 12);
        boolean tooFarAhead =
                date.isAfter(now.atOffset(ZoneOffset.UTC).plusYears(50).toInstant());
        return tooFarAhead ? date.atOffset(ZoneOffset.UTC).minusYears(100).toInstant() : date;
    }

    /** {@code Sun Nov  6 08:49:37 1994} */
    private static Instant asctime(String text) throws Malformed {
        require(text.length() == 24 && DAYS.contains(text.substring(0, 3)) && text.charAt(3) == ' ');
        require(text.charAt(7) == ' ' && text.charAt(10) == ' ' && text.charAt(19) == ' ');
        int day = text.charAt(8) == ' ' ? number(text, 9, 1) : number(text, 8, 2);
        return instant(number(text, 20, 4), month(text, 4), day, text, 11);
    }

    private static Instant instant(int year, int month, int day, String text, int time) throws Malformed {
        require(text.charAt(time + 2) == ':' && text.charAt(time + 5) == ':');
        int second = number(text, time + 6, 2);
        require(second <= 60);
        // A leap second has no place on the POSIX time line; the second before it is the closest.
        return LocalDateTime.of(
                        year, month, day, number(text, time, 2), number(text, time + 3, 2), Math.min(second, 59))
                .toInstant(ZoneOffset.UTC);
    }

    private static int month(String text, int at) throws Malformed {
        int month = MONTHS.indexOf(text.substring(at, at + 3)) + 1;
        require(month > 0);
        return month;
    }

    private static int number(String text, int at, int digits) throws Malformed {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = text.charAt(i) - '0';
            require(digit >= 0 && digit <= 9);
            value = value * 10 + digit;
        }
        return value;
    }

    private static void require(boolean condition) throws Malformed {
        if (!condition) {
            throw new Malformed();
        }
    }

    /** Carries no stack trace: a malformed date from a peer is an ordinary event. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private Malformed() {
            super("malformed date", null, false, false);
        }
    }
}
