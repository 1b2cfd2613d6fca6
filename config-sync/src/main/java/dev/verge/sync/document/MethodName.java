package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.regex.Pattern;

/** A request method: a token in upper case (RFC 9110 §9.1; methods are case-sensitive and all known ones are upper case). */
public record MethodName(String name) {

    private static final Pattern FORM = Pattern.compile("[A-Z][A-Z-]{0,31}");

    /** Reads a method. */
    @JsonCreator
    public static MethodName parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("a method in upper case; write it like GET");
        }
        return new MethodName(text);
    }

    @Override
    public String toString() {
        return name;
    }
}
