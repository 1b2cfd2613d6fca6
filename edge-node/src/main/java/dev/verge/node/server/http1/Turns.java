package dev.verge.node.server.http1;

/** Whose turn it is to be answered on a connection. */
final class Turns {
    private long requests;
    private long answered;
    private int due;
    private long passed;
    private long answeredBehind;
    private boolean last;

    /** A head has been read. */
    void read() {
        requests++;
        due++;
    }

    /** A request was left to the handlers behind the codec. */
    void passed() {
        passed++;
    }

    /** A handler behind the codec has answered. */
    void answeredBehind() {
        answeredBehind++;
        answeredAhead();
    }

    /** A handler in front of those has answered. */
    void answeredAhead() {
        due--;
        answered++;
    }

    /** The response that is being written says that the connection closes after it. */
    void last() {
        last = true;
    }

    long requests() {
        return requests;
    }

    long answered() {
        return answered;
    }

    /** Whether requests that were read wait for their answers. */
    boolean areDue() {
        return due > 0;
    }

    /**
     * Whether a handler in front of those behind the codec may answer the request that comes next: they have answered everybody before,
     * there will be more answers, and they have had a request at all, with which they take the connection over.
     */
    boolean mayGoAhead() {
        return passed > 0 && passed == answeredBehind && !last;
    }
}
