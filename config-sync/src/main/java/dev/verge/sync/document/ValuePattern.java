package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.google.re2j.Pattern;
import dev.verge.sync.expression.RegexText;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a header, cookie or query argument a rule takes: text as it is, a glob with {@code *} for any characters
 * ({@code *} alone: present with any value), or a regular expression after {@code ~}. Case counts.
 */
public final class ValuePattern {

    private final String text;
    private final @Nullable Pattern regex;

    private ValuePattern(String text, @Nullable Pattern regex) {
        this.text = text;
        this.regex = regex;
    }

    /** Reads a pattern as owners write it. */
    @JsonCreator
    public static ValuePattern parse(String text) {
        if (text.startsWith("~")) {
            return new ValuePattern(text, RegexText.compile(text.substring(1)));
        }
        return text.indexOf('*') < 0
                ? new ValuePattern(text, null)
                : new ValuePattern(text, Pattern.compile("^" + RegexText.fromGlob(text, "(?s:.*)") + "$"));
    }

    /** Whether {@code value} matches; the caller has seen that there is one. */
    public boolean matches(String value) {
        return regex == null ? value.equals(text) : regex.matcher(value).find();
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValuePattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
