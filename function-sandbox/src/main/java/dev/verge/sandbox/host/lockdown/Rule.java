package dev.verge.sandbox.host.lockdown;

import java.util.List;

/** What the policy says about one system call. */
record Rule(Syscall call, Verdict verdict) {

    /** What becomes of the call. */
    sealed interface Verdict {}

    /** It goes on. */
    record Allow() implements Verdict {}

    /** The process ends at once: nothing here has an honest use for it. */
    record Kill() implements Verdict {}

    /** It fails. */
    record Fail(int errno) implements Verdict {}

    /** It goes on when {@code (argument & mask) == value} for the lower half of an argument, else it fails. */
    record AllowMasked(int argument, int mask, int value) implements Verdict {}

    /** It goes on when the argument is zero in all its bits, else it fails. */
    record AllowZero(int argument) implements Verdict {}

    /** It goes on when the lower half of an argument is one of these, else it fails. */
    record AllowOneOf(int argument, List<Integer> values) implements Verdict {
        AllowOneOf {
            values = List.copyOf(values);
        }
    }
}
