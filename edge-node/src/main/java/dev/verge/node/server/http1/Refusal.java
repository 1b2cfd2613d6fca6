package dev.verge.node.server.http1;

/** Carries a violation through the server library to where it is answered. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Violation violation;

    Refusal(Violation violation) {
        super(violation.word(), null, false, false);
        this.violation = violation;
    }

    public Violation violation() {
        return violation;
    }
}
