package dev.verge.sync.binding;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** The ranges declared on a component or on the type of its elements. */
record Constraints(
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Duration shortest,
        @Nullable Duration longest,
        int minSize,
        int maxSize,
        java.util.regex.@Nullable Pattern pattern,
        @Nullable String patternRule) {

    static final Constraints NONE = new Constraints(null, null, null, null, 0, Integer.MAX_VALUE, null, null);

    static Constraints of(AnnotatedElement... declarations) {
        Constraints found = NONE;
        for (AnnotatedElement declaration : declarations) {
            for (Annotation annotation : declaration.getAnnotations()) {
                found = found.with(annotation);
            }
        }
        return found;
    }

    private Constraints with(Annotation annotation) {
        return switch (annotation) {
            case Min a -> atLeast((double) a.value());
            case DecimalMin a -> atLeast(Double.parseDouble(a.value()));
            case Positive a -> atLeast(1);
            case PositiveOrZero a -> atLeast(0);
            case Max a -> atMost((double) a.value());
            case DecimalMax a -> atMost(Double.parseDouble(a.value()));
            case DurationMin a ->
                new Constraints(
                        min,
                        max,
                        sum(a.days(), a.hours(), a.minutes(), a.seconds(), a.millis(), a.nanos()),
                        longest,
                        minSize,
                        maxSize,
                        pattern,
                        patternRule);
            case DurationMax a ->
                new Constraints(
                        min,
                        max,
                        shortest,
                        sum(a.days(), a.hours(), a.minutes(), a.seconds(), a.millis(), a.nanos()),
                        minSize,
                        maxSize,
                        pattern,
                        patternRule);
            case Size a -> sized(Math.max(minSize, a.min()), Math.min(maxSize, a.max()));
            case NotEmpty a -> sized(Math.max(minSize, 1), maxSize);
            case NotBlank a -> sized(Math.max(minSize, 1), maxSize);
            case Pattern a ->
                new Constraints(
                        min,
                        max,
                        shortest,
                        longest,
                        minSize,
                        maxSize,
                        java.util.regex.Pattern.compile(a.regexp()),
                        a.message().startsWith("{") ? "text that matches " + a.regexp() : a.message());
            default -> this;
        };
    }

    private Constraints atLeast(double value) {
        return new Constraints(value, max, shortest, longest, minSize, maxSize, pattern, patternRule);
    }

    private Constraints atMost(double value) {
        return new Constraints(min, value, shortest, longest, minSize, maxSize, pattern, patternRule);
    }

    private Constraints sized(int least, int most) {
        return new Constraints(min, max, shortest, longest, least, most, pattern, patternRule);
    }

    private static Duration sum(long days, long hours, long minutes, long seconds, long millis, long nanos) {
        return Duration.ofDays(days)
                .plusHours(hours)
                .plusMinutes(minutes)
                .plusSeconds(seconds)
                .plusMillis(millis)
                .plusNanos(nanos);
    }

    boolean allowsNumber(double value) {
        return (min == null || value >= min) && (max == null || value <= max);
    }

    boolean allowsDuration(Duration value) {
        return (shortest == null || value.compareTo(shortest) >= 0)
                && (longest == null || value.compareTo(longest) <= 0);
    }

    boolean allowsSize(int size) {
        return size >= minSize && size <= maxSize;
    }

    /** {@code , 1 to 100}; empty when the range is open. */
    String numbers(boolean bytes) {
        return range(min == null ? null : number(min, bytes), max == null ? null : number(max, bytes));
    }

    String durations() {
        return range(
                shortest == null ? null : DurationText.format(shortest),
                longest == null ? null : DurationText.format(longest));
    }

    /** {@code of 1 to 100 items}; empty when any number is allowed. */
    String sizes(String unit) {
        if (minSize <= 0 && maxSize == Integer.MAX_VALUE) {
            return "";
        }
        if (maxSize == Integer.MAX_VALUE) {
            return minSize == 1 ? ", not empty" : ", at least " + minSize + " " + unit;
        }
        return minSize <= 0 ? ", at most " + maxSize + " " + unit : ", " + minSize + " to " + maxSize + " " + unit;
    }

    private static String number(double value, boolean bytes) {
        if (value == Math.rint(value) && Math.abs(value) < 9e18) {
            return bytes ? SizeText.format((long) value) : Long.toString((long) value);
        }
        return Double.toString(value);
    }

    private static String range(@Nullable String least, @Nullable String most) {
        if (least != null && most != null) {
            return ", " + least + " to " + most;
        }
        if (least != null) {
            return ", at least " + least;
        }
        return most != null ? ", at most " + most : "";
    }
}
