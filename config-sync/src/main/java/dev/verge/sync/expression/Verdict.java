package dev.verge.sync.expression;

/** What came of an evaluation; anything but {@link #HOLDS} means that the condition does not hold. */
public enum Verdict {
    HOLDS,
    FAILS,
    /** It asked for what is not there, divided by zero, or read a number from what is none. */
    ERROR,
    /** It reached {@link Expression#MAX_ITERATIONS} or {@link Expression#MAX_COST}. */
    TOO_COSTLY
}
