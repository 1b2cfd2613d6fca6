package dev.verge.balancer.options;

/** What may stand in a header field (RFC 9110 §5.1, §5.5). */
final class HeaderText {
    private HeaderText() {}

    /** Whether the text is a field name: one or more token characters. */
    static boolean isName(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderText::isTokenCharacter);
    }

    /** Whether the text can be a field value: no control characters but tab. */
    static boolean isValue(String text) {
        return text.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f));
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
