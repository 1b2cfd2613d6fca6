package dev.verge.balancer.retry;

import dev.verge.balancer.options.Hedge;
import dev.verge.balancer.options.Retries;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Whether and when a slow try gets another one beside it. */
public final class HedgeDecision {
    /** RFC 9110 §9.2.1: two of them at once do no more than one. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private HedgeDecision() {}

    /**
     * Everything that it depends on.
     *
     * @param method request method
     * @param plain whether the request has no content and asks for no other protocol
     * @param hedges tries begun beside another so far
     * @param untriedUsable usable origins that this request has not tried yet
     * @param remaining what is left of {@code timeouts.total}
     * @param typicalNanos the wanted percentile of recent answers' times; empty: not wanted, or too few to say
     */
    public record Facts(
            String method,
            boolean plain,
            int hedges,
            int untriedUsable,
            Duration remaining,
            OptionalLong typicalNanos) {}

    /** How long to wait for the try under way before another one begins; empty: none begins. */
    public static Optional<Duration> wait(Facts facts, Retries options) {
        Hedge hedge = options.hedge();
        if (hedge == null
                || !facts.plain()
                || facts.hedges() >= hedge.max()
                || facts.untriedUsable() == 0
                || !SAFE.contains(facts.method())
                || !options.methods().contains(facts.method())) {
            return Optional.empty();
        }
        Duration after = facts.typicalNanos().isPresent()
                ? Duration.ofNanos(facts.typicalNanos().getAsLong())
                : hedge.after();
        return after == null || after.compareTo(facts.remaining()) >= 0 ? Optional.empty() : Optional.of(after);
    }
}
