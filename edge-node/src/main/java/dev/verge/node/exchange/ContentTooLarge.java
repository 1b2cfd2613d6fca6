package dev.verge.node.exchange;

/** A request has more content than {@code limits.bodyBytes}. */
public final class ContentTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ContentTooLarge() {
        super("the request's content is larger than limits.bodyBytes", null, false, false);
    }

    /** What a failed request body means: too much of it, bytes that break a rule, or a sender that stopped in the middle. */
    public static EdgeError meaning(Throwable brokenBody) {
        return switch (brokenBody) {
            case ContentTooLarge large -> EdgeError.Refused.BODY_TOO_LARGE;
            case ContentRefused refused -> refused.error();
            default -> new EdgeError.Malformed("its content ended early");
        };
    }
}
