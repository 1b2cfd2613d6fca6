package dev.verge.sync.log;

/**
 * A place in a log.
 *
 * @param history identity of the log; a control plane that was restored from a backup has a new one, since its revisions no longer
 *     mean the same; empty before the first contact
 * @param revision last commit taken in, 0 for none
 */
public record Position(String history, long revision) {

    /** Before the first commit of any log. */
    public static final Position START = new Position("", 0);

    public Position {
        if (revision < 0) {
            throw new IllegalArgumentException("revision: " + revision + " is negative");
        }
    }
}
