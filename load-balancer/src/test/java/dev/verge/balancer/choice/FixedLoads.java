package dev.verge.balancer.choice;

/** Loads that a test sets. */
final class FixedLoads implements Loads {
    final int[] inFlight;
    final double[] latencyNanos;

    FixedLoads(int origins) {
        inFlight = new int[origins];
        latencyNanos = new double[origins];
    }

    @Override
    public int inFlight(int index) {
        return inFlight[index];
    }

    @Override
    public double latencyNanos(int index) {
        return latencyNanos[index];
    }
}
