package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What came of an {@link Order}.
 *
 * @param outcome how the run ended, in the words of the contract; {@link #NOT_RUN} when there was none
 * @param version that ran; 0 when none did
 * @param status of the response; 0 for a scheduled event and when nothing ran
 * @param headers of the response
 * @param body in base64, cut at {@link OrderRequest#MAX_BODY_BYTES}
 * @param truncated whether the body was cut
 * @param cpuMicros CPU time used
 * @param wallMicros time from the order's arrival to the end of the run
 * @param reason one line when it was not run; else empty
 */
public record OrderResult(
        @JsonPropertyDescription("How the run ended.") @Size(max = 40)
        String outcome,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Version that ran.") @Min(0)
        int version,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Status of the response.")
        int status,

        @JsonProperty(defaultValue = "[]") @JsonPropertyDescription("Header fields of the response.") @Size(max = 1_000)
        List<OrderField> headers,

        @JsonProperty(defaultValue = "")
        @JsonPropertyDescription("Body in base64.")
        @Size(max = OrderRequest.MAX_BODY_CHARACTERS)
        String body,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Whether the body was cut.")
        boolean truncated,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("CPU time in microseconds.")
        long cpuMicros,

        @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Wall time in microseconds.")
        long wallMicros,

        @JsonProperty(defaultValue = "") @JsonPropertyDescription("Why it was not run.") @Size(max = 1_000)
        String reason) {

    /** The outcome when there was no run: the function is not there, the node is busy, or has no host for it. */
    public static final String NOT_RUN = "not-run";

    public OrderResult {
        headers = List.copyOf(headers);
    }

    /** Nothing ran. */
    public static OrderResult notRun(String reason) {
        return new OrderResult(
                NOT_RUN,
                0,
                0,
                List.of(),
                "",
                false,
                0,
                0,
                reason.length() > 1_000 ? reason.substring(0, 1_000) : reason);
    }
}
