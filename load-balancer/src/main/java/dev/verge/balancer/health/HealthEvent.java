package dev.verge.balancer.health;

/** What can happen to an origin's health. */
public sealed interface HealthEvent {

    /** A probe got what it expected. */
    record ProbeGood() implements HealthEvent {}

    /** A probe failed, in any way. */
    record ProbeBad() implements HealthEvent {}

    /** A real request was answered with this status. */
    record Answered(int status) implements HealthEvent {}

    /**
     * A real request got no answer.
     *
     * @param refused whether the connection was refused or reset, which {@code maxEjectedPercent} does not shield
     */
    record Failed(boolean refused) implements HealthEvent {}

    /** It stood out in the last interval by success or latency. */
    record StoodOut() implements HealthEvent {}
}
