package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code pools}: where the origins are, how one is chosen, watched and retried.
 *
 * @param hashOn what {@code consistent-hash} looks at; null: {@code path}
 * @param affinity null: clients are not kept at an origin
 * @param hostHeader template of the {@code Host} sent to origins; empty: the origin's own authority
 * @param pathPrefix put in front of the path sent to origins; null or empty: nothing
 * @param healthCheck null: no probes
 * @param slowStart time in which an origin that came back grows to its full weight; null: at once
 * @param failOpen whether origins that all fail their checks are tried anyway
 */
public record PoolOptions(
        @JsonProperty(defaultValue = "random-two")
        @JsonPropertyDescription("How an origin is chosen among the usable ones.")
        BalancingMethod method,

        @JsonPropertyDescription(
                "What consistent-hash looks at: path (when absent), url, client-ip, header:NAME or cookie:NAME.")
        @Nullable
        HashSource hashOn,

        @JsonPropertyDescription("Keeps a client at one origin by a cookie; absent: off.") @Nullable
        Affinity affinity,

        @NotEmpty @Size(max = 256) @JsonPropertyDescription("Where requests go.")
        List<Origin> origins,

        @JsonProperty(defaultValue = "${host}")
        @Size(max = 512)
        @JsonPropertyDescription(
                "Host header sent to origins; the default is what the client sent, \"\" the origin's own authority.")
        String hostHeader,

        @Size(max = 1024)
        @Pattern(regexp = "|/[!-~]*")
        @JsonPropertyDescription("Put in front of the path sent to origins.")
        @Nullable
        String pathPrefix,

        @JsonPropertyDescription("Active health checks; absent: no probes.") @Nullable
        HealthCheck healthCheck,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Passive ejection of origins that keep failing.")
        Outlier outlier,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Time-outs towards origins.")
        Timeouts timeouts,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("When a failed try is made again.")
        Retries retries,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How much of the pool one node may use at a time.")
        Limits limits,

        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Time in which an origin that came back grows to its full weight; absent: at once.")
        @Nullable
        Duration slowStart,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Whether origins that all fail their checks are tried anyway.")
        boolean failOpen) {

    public PoolOptions {
        origins = List.copyOf(origins);
        if (hashOn != null && method != BalancingMethod.CONSISTENT_HASH) {
            throw new IllegalArgumentException(
                    "hashOn: is used by method consistent-hash only; write method: consistent-hash or remove hashOn");
        }
        if (!HeaderText.isValue(hostHeader)) {
            throw new IllegalArgumentException("hostHeader: holds a control character; remove it");
        }
        if (pathPrefix != null && (pathPrefix.indexOf('?') >= 0 || pathPrefix.indexOf('#') >= 0)) {
            throw new IllegalArgumentException("pathPrefix: is a path; remove ? and #");
        }
        if (pathPrefix != null && pathPrefix.endsWith("/")) {
            throw new IllegalArgumentException("pathPrefix: ends with a slash, and paths start with one; remove it");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < origins.size(); i++) {
            Origin origin = origins.get(i);
            String place = (origin.secure() ? "https://" : "http://") + origin.host() + ":" + origin.port();
            if (!seen.add(place + ' ' + origin.hostHeader() + ' ' + origin.tls())) {
                throw new IllegalArgumentException("origins[" + i + "].url: " + origin.url()
                        + " is listed twice; use weight to give it a bigger share");
            }
        }
        if (!origins.isEmpty() && origins.stream().allMatch(o -> o.role() == OriginRole.BACKUP)) {
            throw new IllegalArgumentException("origins: all are backups; make at least one primary");
        }
    }

    /** What to hash: {@link #hashOn}, or the default when it is absent. */
    public HashSource hashSource() {
        return hashOn == null ? HashSource.DEFAULT : hashOn;
    }
}
