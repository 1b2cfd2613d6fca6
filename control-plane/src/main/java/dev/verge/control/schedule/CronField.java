package dev.verge.control.schedule;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** One field of a cron expression: the values that it may have, and the words for them. */
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY("day of month", 1, 31, ""),
    MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    WEEKDAY("day of week", 0, 7, "SUN MON TUE WED THU FRI SAT");

    private static final int SUNDAY = 7;

    private final String title;
    private final int least;
    private final int most;
    private final String words;

    CronField(String title, int least, int most, String words) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.words = words;
    }

    /** As people call it. */
    String title() {
        return title;
    }

    /** What may stand there. */
    String rule() {
        return title + ": * or numbers from " + least + " to " + most
                + (words.isEmpty() ? "" : " or " + words().getFirst() + " to " + words().getLast())
                + ", as lists, ranges and steps";
    }

    /**
     * The values that a field's text stands for; Sunday is 0.
     *
     * @throws IllegalArgumentException with the way out as its message
     */
    BitSet parse(String text) {
        BitSet values = new BitSet(most + 1);
        for (String item : text.split(",", -1)) {
            add(item, values);
        }
        if (this == WEEKDAY && values.get(SUNDAY)) {
            values.clear(SUNDAY);
            values.set(0);
        }
        return values;
    }

    private void add(String item, BitSet values) {
        String[] parts = item.split("/", -1);
        if (parts.length > 2 || item.isEmpty()) {
            throw new IllegalArgumentException("write values like " + least + ",5 or 10-20/2 or */5");
        }
        int step = parts.length == 1 ? 1 : number(parts[1], "step");
        if (step < 1 || step > most) {
            throw new IllegalArgumentException("write a step from 1 to " + most);
        }
        int from;
        int to;
        int dash = parts[0].indexOf('-');
        if (parts[0].equals("*")) {
            from = least;
            to = this == WEEKDAY ? SUNDAY - 1 : most;
        } else if (dash > 0) {
            from = value(parts[0].substring(0, dash));
            to = value(parts[0].substring(dash + 1));
            if (from > to) {
                throw new IllegalArgumentException(
                        "turn the range " + parts[0] + " round, or write it as two: it goes from low to high");
            }
        } else {
            from = value(parts[0]);
            to = parts.length == 1 ? from : most;
        }
        for (int value = from; value <= to; value += step) {
            values.set(value);
        }
    }

    private int value(String text) {
        int word = words.isEmpty() ? -1 : words().indexOf(text.toUpperCase(Locale.ROOT));
        int value = word >= 0 ? word + least : number(text, "value");
        if (value < least || value > most) {
            throw new IllegalArgumentException("write a value from " + least + " to " + most + " for " + text);
        }
        return value;
    }

    private List<String> words() {
        return List.of(words.split(" ", -1));
    }

    private static int number(String text, String what) {
        if (!text.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException(
                    text.isEmpty() ? "write a number as the " + what : "write a number for " + text);
        }
        return Integer.parseInt(text);
    }
}
