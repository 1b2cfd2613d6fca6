package dev.verge.balancer.options;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pools for tests: the contract's values, changed one at a time. */
public final class SamplePools {
    public static final Outlier OUTLIER =
            new Outlier(5, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(300), 50, 0, 0, 50);
    public static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));
    public static final Limits LIMITS = new Limits(1024, 1024, 1024);

    private BalancingMethod method = BalancingMethod.RANDOM_TWO;
    private @Nullable HashSource hashOn;
    private @Nullable Affinity affinity;
    private final List<Origin> origins = new ArrayList<>();
    private String hostHeader = "${host}";
    private @Nullable String pathPrefix;
    private @Nullable HealthCheck healthCheck;
    private Outlier outlier = OUTLIER;
    private Retries retries = retries(2);
    private Limits limits = LIMITS;
    private @Nullable Duration slowStart;
    private boolean failOpen;

    public static Origin origin(String url, int weight, OriginRole role) {
        return new Origin(url, weight, role, null, null, OriginProtocol.HTTP1);
    }

    public static Retries retries(int attempts) {
        return retries(attempts, null);
    }

    public static Retries retries(int attempts, @Nullable Hedge hedge) {
        return new Retries(
                attempts,
                List.of(
                        RetryCondition.CONNECT_FAILURE,
                        RetryCondition.RESET,
                        RetryCondition.TIMEOUT,
                        RetryCondition.status(502),
                        RetryCondition.status(503),
                        RetryCondition.status(504)),
                List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE"),
                null,
                20,
                3,
                Duration.ofMillis(25),
                hedge);
    }

    public static HealthCheck check(String path, Duration interval, Duration timeout) {
        return new HealthCheck(
                path, "GET", interval, timeout, 2, 3, StatusSet.parse("200-399"), null, Map.of(), HealthCheckType.HTTP);
    }

    public SamplePools method(BalancingMethod value) {
        method = value;
        return this;
    }

    public SamplePools hashOn(@Nullable HashSource value) {
        hashOn = value;
        return this;
    }

    public SamplePools affinity(Affinity value) {
        affinity = value;
        return this;
    }

    public SamplePools primary(String url) {
        return origin(origin(url, 1, OriginRole.PRIMARY));
    }

    public SamplePools backup(String url) {
        return origin(origin(url, 1, OriginRole.BACKUP));
    }

    public SamplePools origin(Origin value) {
        origins.add(value);
        return this;
    }

    public SamplePools hostHeader(String value) {
        hostHeader = value;
        return this;
    }

    public SamplePools pathPrefix(String value) {
        pathPrefix = value;
        return this;
    }

    public SamplePools healthCheck(HealthCheck value) {
        healthCheck = value;
        return this;
    }

    public SamplePools outlier(Outlier value) {
        outlier = value;
        return this;
    }

    public SamplePools retries(Retries value) {
        retries = value;
        return this;
    }

    public SamplePools limits(Limits value) {
        limits = value;
        return this;
    }

    public SamplePools slowStart(Duration value) {
        slowStart = value;
        return this;
    }

    public SamplePools failOpen(boolean value) {
        failOpen = value;
        return this;
    }

    public PoolOptions build() {
        return new PoolOptions(
                method,
                hashOn,
                affinity,
                origins,
                hostHeader,
                pathPrefix,
                healthCheck,
                outlier,
                TIMEOUTS,
                retries,
                limits,
                slowStart,
                failOpen);
    }
}
