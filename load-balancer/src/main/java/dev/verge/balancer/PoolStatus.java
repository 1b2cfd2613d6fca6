package dev.verge.balancer;

import dev.verge.balancer.options.OriginRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool looks like at one moment.
 *
 * @param requests tries in flight, pending ones included
 * @param pending tries that wait for a connection
 */
public record PoolStatus(String scope, String name, int requests, int pending, List<OriginStatus> origins) {
    public PoolStatus {
        origins = List.copyOf(origins);
    }

    /**
     * What an origin looks like.
     *
     * @param usable may serve
     * @param down taken out by active checks
     * @param ejected rests after failing real requests
     * @param latencyMillis moving average up to the response head; 0 when unknown
     * @param probeFailure what was wrong with its last probe; null: nothing, or no probe yet
     */
    public record OriginStatus(
            String id,
            String url,
            OriginRole role,
            boolean usable,
            boolean down,
            boolean ejected,
            int requests,
            double latencyMillis,
            @Nullable String probeFailure) {}
}
