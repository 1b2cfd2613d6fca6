package dev.verge.control.schedule;

import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import java.time.Instant;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A cron expression of five fields (POSIX crontab), in UTC. When both days are restricted (neither begins with {@code *}), one of them
 * is enough.
 *
 * <p>Own code: what is needed is whether a minute matches, and mistakes told field by field.
 */
public final class Cron {
    /** Longest expression in characters. */
    public static final int LONGEST = 200;

    private static final String FIELDS = "minute hour day-of-month month day-of-week";

    private final Map<CronField, BitSet> values;
    private final boolean eitherDay;

    private Cron(Map<CronField, BitSet> values, boolean eitherDay) {
        this.values = values;
        this.eitherDay = eitherDay;
    }

    /** Reads an expression that stands at {@code path} in a document. */
    public static Bound<Cron> parse(String text, String path) {
        String[] fields = text.strip().split("\\s+", -1);
        if (text.length() > LONGEST || fields.length != CronField.values().length) {
            return new Bound.Invalid<>(List.of(new Problem(
                    path,
                    text,
                    "five fields: " + FIELDS,
                    text.startsWith("@") ? "write @daily as 0 0 * * *" : "write it like */5 * * * *")));
        }
        List<Problem> problems = new ArrayList<>();
        Map<CronField, BitSet> values = new EnumMap<>(CronField.class);
        Map<CronField, String> texts = new EnumMap<>(CronField.class);
        int at = 0;
        for (CronField field : CronField.values()) {
            String written = fields[at++];
            texts.put(field, written);
            try {
                values.put(field, field.parse(written));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(
                        Paths.field(path, field.title().replace(' ', '-')),
                        written,
                        field.rule(),
                        String.valueOf(e.getMessage())));
            }
        }
        if (!problems.isEmpty()) {
            return new Bound.Invalid<>(problems);
        }
        boolean anyDay = texts.getOrDefault(CronField.DAY, "*").startsWith("*");
        boolean anyWeekday = texts.getOrDefault(CronField.WEEKDAY, "*").startsWith("*");
        Cron cron = new Cron(values, !anyDay && !anyWeekday);
        return anyDay || !anyWeekday || cron.comes()
                ? new Bound.Valid<>(cron)
                : new Bound.Invalid<>(List.of(
                        new Problem(path, text, "a day that some month has", "correct the day of month or the month")));
    }

    /** Whether it is due in the minute of {@code time}. */
    public boolean matches(Instant time) {
        ZonedDateTime utc = time.atZone(ZoneOffset.UTC);
        boolean day = has(CronField.DAY, utc.getDayOfMonth());
        boolean weekday = has(CronField.WEEKDAY, utc.getDayOfWeek().getValue() % 7);
        return has(CronField.MINUTE, utc.getMinute())
                && has(CronField.HOUR, utc.getHour())
                && has(CronField.MONTH, utc.getMonthValue())
                && (eitherDay ? day || weekday : day && weekday);
    }

    /** Whether one of its months has one of its days. */
    private boolean comes() {
        for (Month month : Month.values()) {
            BitSet days = values.getOrDefault(CronField.DAY, new BitSet());
            int first = days.nextSetBit(0);
            if (has(CronField.MONTH, month.getValue()) && first >= 0 && first <= month.maxLength()) {
                return true;
            }
        }
        return false;
    }

    private boolean has(CronField field, int value) {
        return values.getOrDefault(field, new BitSet()).get(value);
    }
}
