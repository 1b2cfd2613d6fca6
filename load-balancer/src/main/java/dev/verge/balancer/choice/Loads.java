package dev.verge.balancer.choice;

/** What is known about the origins' load, by index in the pool. Values may change between two calls. */
public interface Loads {

    /** Requests in flight. */
    int inFlight(int index);

    /** Moving average of the latency in nanoseconds, peaks counted at once; 0 when nothing is known. */
    double latencyNanos(int index);
}
