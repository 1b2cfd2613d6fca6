package dev.verge.node.quota;

import java.time.Duration;

/** Whether something may begin. */
public sealed interface Admission {

    /** It may; its end is to be told, once. */
    record Admitted(Place place) implements Admission {
        static final Admitted FREE = new Admitted(cpuNanos -> {});
    }

    /**
     * It may not.
     *
     * @param quota in one word of {@link Quotas#WORDS}
     * @param retryAfter when it may be worth while to ask again
     */
    record Refused(String quota, Duration retryAfter) implements Admission {}

    /** What is given back at the end. */
    @FunctionalInterface
    interface Place {
        /** It has ended, and used so much CPU time. */
        void ended(long cpuNanos);
    }
}
