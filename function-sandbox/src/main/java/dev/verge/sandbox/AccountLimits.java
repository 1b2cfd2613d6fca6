package dev.verge.sandbox;

import java.time.Duration;

/**
 * How much of a node one account may have at a time, whatever its functions are allowed one by one.
 *
 * @param calls running at a time, 1 to 1000
 * @param callsOfAFunction the same for one function of it
 * @param waiting calls that may wait for their turn; one more is refused at once
 * @param patience how long a call waits for its turn
 */
public record AccountLimits(int calls, int callsOfAFunction, int waiting, Duration patience) {
    /** What accounts get unless operators say otherwise. */
    public static final AccountLimits DEFAULT = new AccountLimits(512, 256, 512, Duration.ofSeconds(2));

    private static final int MAX_CALLS = 1000;

    public AccountLimits {
        if (calls < 1 || calls > MAX_CALLS || callsOfAFunction < 1 || waiting < 0) {
            throw new IllegalArgumentException("calls: between 1 and " + MAX_CALLS + ", waiting: not negative");
        }
    }
}
