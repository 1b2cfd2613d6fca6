package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A header field's name: a token (RFC 9110 §5.1), compared without case. */
public final class FieldName {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

    /**
     * Fields that no rule may touch: {@code Via} and {@code CDN-Loop} guard against loops, the others belong to one connection or to
     * the framing of a message (RFC 9110 §7.6.1).
     */
    private static final Set<String> PROTECTED = Set.of(
            "via",
            "cdn-loop",
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "upgrade");

    private final String text;
    private final String lower;

    private FieldName(String text) {
        this.text = text;
        this.lower = text.toLowerCase(Locale.ROOT);
    }

    /** Reads a name. */
    @JsonCreator
    public static FieldName parse(String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw new IllegalArgumentException("the name of a header field; use letters, digits and hyphens");
        }
        return new FieldName(text);
    }

    /** Whether rules must leave this field alone. */
    public boolean isProtected() {
        return PROTECTED.contains(lower);
    }

    /** In lower case, as fields are compared. */
    public String lowerCase() {
        return lower;
    }

    /** As written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldName that && lower.equals(that.lower);
    }

    @Override
    public int hashCode() {
        return lower.hashCode();
    }
}
