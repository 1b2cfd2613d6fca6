package dev.verge.balancer;

/** How a try that was begun beside a slow one ended. */
public enum HedgeEnd {
    /** It answered first. */
    WON,
    /** Another try answered first. */
    LOST,
    /** It failed while another one was under way. */
    FAILED
}
