package dev.verge.sync.binding;

/**
 * One mistake in a document.
 *
 * @param path where, for example {@code pools.app.origins[2].timeouts.connect}; empty for the document itself
 * @param value what stands there, shortened; empty when it is absent or must not be shown
 * @param rule what holds for this place
 * @param fix what to do
 */
public record Problem(String path, String value, String rule, String fix) {

    private static final int MAX_PATH = 300;
    private static final int MAX_TEXT = 500;

    public Problem {
        path = Shown.shorten(path, MAX_PATH);
        value = Shown.shorten(value, Shown.MAX_VALUE);
        rule = Shown.shorten(rule, MAX_TEXT);
        fix = Shown.shorten(fix, MAX_TEXT);
    }

    /** One line for people: {@code pools.app.method: "fast" is refused: one of …; write …}. */
    public String message() {
        String where = path.isEmpty() ? "document" : path;
        String what = value.isEmpty() ? "" : "\"" + value + "\" is refused: ";
        return where + ": " + what + rule + "; " + fix;
    }
}
