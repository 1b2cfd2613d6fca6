package dev.verge.node.exchange;

/** A request's content was not taken to its end because of what its client did. */
public final class ContentRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient EdgeError error;

    public ContentRefused(EdgeError error) {
        super("the request's content was refused", null, false, false);
        this.error = error;
    }

    public EdgeError error() {
        return error;
    }
}
