package dev.verge.sync.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions of rules. They run on text that clients choose, so they are RE2: linear in the length of the text, without
 * look-around and back-references.
 */
public final class RegexText {

    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_PROGRAM = 5_000;

    private RegexText() {}

    /** Compiles one that an owner wrote; what is thrown is {@code the rule; the fix}. */
    public static Pattern compile(String regex) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a regular expression of at most " + MAX_LENGTH + " characters; shorten it");
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            if (pattern.programSize() > MAX_PROGRAM) {
                throw new IllegalArgumentException("a smaller regular expression; lower the counts in {…}");
            }
            return pattern;
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(
                    "a regular expression in RE2 syntax (no look-around, no back-references); " + wrong.getDescription()
                            + " at " + wrong.getPattern(),
                    wrong);
        }
    }

    /** A glob as a regex: {@code *} stays within a segment, {@code **} crosses, {@code ?} is not special. */
    public static String fromGlob(String glob, String star) {
        StringBuilder regex = new StringBuilder();
        int literal = 0;
        for (int i = 0; i < glob.length(); i++) {
            if (glob.charAt(i) != '*') {
                continue;
            }
            regex.append(Pattern.quote(glob.substring(literal, i)));
            if (i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                regex.append("(?s:.*)");
                i++;
            } else {
                regex.append(star);
            }
            literal = i + 1;
        }
        return regex.append(Pattern.quote(glob.substring(literal))).toString();
    }
}
