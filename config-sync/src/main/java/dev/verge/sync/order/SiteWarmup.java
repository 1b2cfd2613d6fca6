package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What came of a {@link WarmupOrder} at a node.
 *
 * @param results one for each URL, in their order
 */
public record SiteWarmup(
        @JsonPropertyDescription("Results, in the order of the URLs.") @Size(max = WarmupOrder.MOST_URLS)
        List<WarmupResult> results) {

    public SiteWarmup {
        results = List.copyOf(results);
    }

    /**
     * What a client would have got for one URL.
     *
     * @param status 0 when there was no answer
     * @param cacheStatus the node's {@code Cache-Status} (RFC 9211); empty when there was none
     * @param bytes content that was read
     * @param millis from the request to the last byte
     * @param reason one line why it was not fetched to its end; else empty
     */
    public record WarmupResult(
            @JsonPropertyDescription("Status; 0 without an answer.")
            int status,

            @JsonProperty(defaultValue = "") @JsonPropertyDescription("The node's Cache-Status.") @Size(max = 1_000)
            String cacheStatus,

            @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Bytes of content that were read.")
            long bytes,

            @JsonProperty(defaultValue = "0") @JsonPropertyDescription("Time to the last byte, in milliseconds.")
            long millis,

            @JsonProperty(defaultValue = "")
            @JsonPropertyDescription("Why it was not fetched to its end; empty when it was.")
            @Size(max = 1_000)
            String reason) {}
}
