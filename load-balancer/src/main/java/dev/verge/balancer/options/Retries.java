package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * When a failed try is made again. The rules are in {@code RetryDecision}.
 *
 * @param attempts all tries, the first included; 1 means no retry by status or time-out
 * @param on what may be retried
 * @param methods methods that may be sent again after they may have reached an origin
 * @param perTryTimeout longest time of one try up to its response head; null: only {@code firstByte} and {@code total}
 * @param budgetPercent retries allowed as a share of the requests active or started in the last 10 s
 * @param minBudget retries allowed in that window however few requests there are
 * @param hedge null: a try begins only when the one before has ended
 */
public record Retries(
        @JsonProperty(defaultValue = "2")
        @Min(1)
        @Max(20)
        @JsonPropertyDescription("All tries by status or time-out, the first included.")
        int attempts,

        @JsonProperty(defaultValue = "[connect-failure, reset, timeout, 502, 503, 504]")
        @Size(max = 32)
        @JsonPropertyDescription("What is retried: connect-failure, reset, timeout, 429, or any 5xx code.")
        List<RetryCondition> on,

        @JsonProperty(defaultValue = "[GET, HEAD, OPTIONS, PUT, DELETE]")
        @Size(max = 16)
        @JsonPropertyDescription("Methods that may be sent twice.")
        List<String> methods,

        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Longest time of one try up to the response head; absent: no limit of its own.")
        @Nullable
        Duration perTryTimeout,

        @JsonProperty(defaultValue = "20")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription("Retries allowed, as a percentage of the requests active or started in the last 10 s.")
        int budgetPercent,

        @JsonProperty(defaultValue = "3")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("Retries allowed in that time however few requests there are.")
        int minBudget,

        @JsonProperty(defaultValue = "25ms")
        @DurationMin(millis = 0)
        @DurationMax(seconds = 10)
        @JsonPropertyDescription("Pause before the first counted retry; doubles for each further one, with jitter.")
        Duration backoff,

        @JsonPropertyDescription("Another try of safe requests beside one that is slow; absent: off.") @Nullable
        Hedge hedge) {

    public Retries {
        on = List.copyOf(on);
        methods = List.copyOf(methods);
        for (String method : methods) {
            if (!HeaderText.isName(method)) {
                throw new IllegalArgumentException(
                        "methods: \"" + method + "\" is not a method; write for example GET");
            }
        }
    }
}
