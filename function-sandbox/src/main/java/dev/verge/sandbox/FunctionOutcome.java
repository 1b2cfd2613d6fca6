package dev.verge.sandbox;

import java.util.Locale;

/** How a run ended: a closed list, the same word in the response's cause, logs, metrics and usage. */
public enum FunctionOutcome {
    /** A response was made and the run came to its end. */
    OK,
    /** The handler threw, rejected, or can never answer. */
    THREW,
    /**
     * More CPU time than {@link FunctionLimits#cpu()}, to which calls of new code may add what their start left, or than
     * {@link FunctionLimits#startup()} while starting.
     */
    OVER_CPU,
    /** More memory than the limits allow, by allocation rate or by retained heap. */
    OVER_MEMORY,
    /** Longer than {@link FunctionLimits#wall()}. */
    OVER_WALL,
    /** More subrequests than {@link FunctionLimits#subrequests()}, and the handler did not live with the refusal. */
    OVER_SUBREQUESTS,
    /** The handler's result is not a response that can be sent. */
    BAD_RESPONSE,
    /** The caller went away. */
    CANCELLED,
    /** The host process or the context ended under the run, through no fault of this run. */
    KILLED;

    /** The word of the contract, for example {@code over-cpu}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status for a caller who got no response: 500 for a fault of the code, 503 for a limit or a lost host. */
    public int status() {
        return switch (this) {
            case OK -> 200;
            case THREW, BAD_RESPONSE -> 500;
            case OVER_CPU, OVER_MEMORY, OVER_WALL, OVER_SUBREQUESTS, KILLED -> 503;
            case CANCELLED -> 499;
        };
    }
}
