package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.SecretPlaces;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something that the control plane asks of one node: a run of a function, what it would do with a request, or to fill its cache. Carried
 * out at most once; its answer is an {@link OrderResult}.
 *
 * @param id of the run, for logs: the request id of the invocation
 * @param kind a scheduled event, or a request handed to {@code fetch}
 * @param version the version to run; null: as traffic is shared out
 * @param code the version itself when it has no share of the traffic, so that the node may not know it; null otherwise
 * @param cron of a scheduled event: the schedule as written
 * @param scheduledTime of a scheduled event: its tick in milliseconds since 1970
 * @param request of an invocation
 * @param trace of a trace; the function is then empty
 * @param warmup of a warm-up; likewise
 */
public record Order(
        @JsonPropertyDescription("Identity of the run.") @NotEmpty @Size(max = 200)
        String id,

        @JsonPropertyDescription("What kind of run.") Kind kind,

        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonProperty(defaultValue = "") @JsonPropertyDescription("Name of the function.")
        String function,

        @JsonPropertyDescription("Version; without it as traffic is shared out.") @Min(1) @Nullable
        Integer version,

        @JsonPropertyDescription("The version, if it has no share of the traffic.") @Nullable
        Deployed code,

        @JsonProperty(defaultValue = "") @JsonPropertyDescription("Schedule.") @Size(max = 200)
        String cron,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Tick, milliseconds since 1970.")
        long scheduledTime,

        @JsonPropertyDescription("What fetch is given.") @Nullable
        OrderRequest request,

        @JsonPropertyDescription("The request to trace.") @Nullable
        TraceOrder trace,

        @JsonPropertyDescription("What to fetch.") @Nullable WarmupOrder warmup) {

    /** How long the answer is waited for when nothing else is said: the longest wall limit and some. */
    public static final Duration PATIENCE = Duration.ofMinutes(5).plusSeconds(15);

    /** Kinds of runs. */
    public enum Kind {
        SCHEDULED,
        INVOKE,
        /** Nothing runs. */
        TRACE,
        WARMUP
    }

    public Order {
        if (kind == Kind.INVOKE && request == null) {
            throw new IllegalArgumentException("request: an invocation has one");
        }
        if ((kind == Kind.TRACE) != (trace != null)) {
            throw new IllegalArgumentException("trace: a trace has one, and nothing else");
        }
        if ((kind == Kind.WARMUP) != (warmup != null)) {
            throw new IllegalArgumentException("warmup: a warm-up has one, and nothing else");
        }
        if (trace == null && warmup == null && function.isEmpty()) {
            throw new IllegalArgumentException("function: a run has one");
        }
    }

    /** The log's key of what it is about: a function or a site. */
    public String subject() {
        if (trace != null) {
            return Keys.site(account, trace.site());
        }
        return warmup != null ? Keys.site(account, warmup.site()) : Keys.function(account, function);
    }

    /** Whether there are secrets in it. */
    public boolean holdsSecrets() {
        return code != null && !code.secrets().isEmpty();
    }

    /**
     * The same with each of its secrets replaced.
     *
     * @param change of name and value of a secret, the value in its place
     */
    public Order replaceSecrets(BinaryOperator<String> change) {
        if (code == null || code.secrets().isEmpty()) {
            return this;
        }
        return new Order(
                id,
                kind,
                account,
                function,
                version,
                code.withSecrets(SecretPlaces.replace(account, function, code.secrets(), change)),
                cron,
                scheduledTime,
                request,
                trace,
                warmup);
    }

    /** A tick of a schedule. */
    public static Order scheduled(String id, String account, String function, String cron, long scheduledTime) {
        return new Order(id, Kind.SCHEDULED, account, function, null, null, cron, scheduledTime, null, null, null);
    }

    /** A request whose way is wanted. */
    public static Order trace(String id, String account, TraceOrder trace) {
        return new Order(id, Kind.TRACE, account, "", null, null, "", 0, null, trace, null);
    }

    /** URLs that are wanted in the cache. */
    public static Order warmup(String id, String account, WarmupOrder warmup) {
        return new Order(id, Kind.WARMUP, account, "", null, null, "", 0, null, null, warmup);
    }

    /** A request of the API's own. */
    public static Order invoke(
            String id,
            String account,
            String function,
            @Nullable Integer version,
            @Nullable Deployed code,
            OrderRequest request) {
        return new Order(id, Kind.INVOKE, account, function, version, code, "", 0, request, null, null);
    }
}
