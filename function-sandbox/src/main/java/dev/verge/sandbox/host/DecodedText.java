package dev.verge.sandbox.host;

/** What a decoder writes. */
final class DecodedText {
    private final StringBuilder text;
    private final boolean fatal;
    private boolean refused;

    DecodedText(int bytes, boolean fatal) {
        this.text = new StringBuilder(bytes);
        this.fatal = fatal;
    }

    void add(int codePoint) {
        text.appendCodePoint(codePoint);
    }

    void add(String some) {
        text.append(some);
    }

    /** Notes what stands for no character. */
    void wrong() {
        refused |= fatal;
        text.append('\ufffd');
    }

    /** Whether something was wrong and that is fatal. */
    boolean refused() {
        return refused;
    }

    String text() {
        return text.toString();
    }
}
