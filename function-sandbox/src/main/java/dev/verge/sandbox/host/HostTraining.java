package dev.verge.sandbox.host;

import java.time.Duration;

/**
 * What a host does before it is given out, and a call of each rarely used part of the web API, for a JVM that remembers which classes
 * that took. No wall is put up: the JVM writes what it remembers when this ends. Runs the platform's own functions only.
 */
public final class HostTraining {
    private static final Duration EXERCISE = Duration.ofSeconds(3);

    private HostTraining() {}

    public static void main(String[] arguments) {
        ContextFactory contexts = new ContextFactory();
        FunctionHost.watchdog().start();
        Exercise.begin(contexts);
        Exercise.everything(contexts);
        Exercise.goOn(contexts, EXERCISE);
        System.exit(0);
    }
}
