package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * A request that a function is given without a client.
 *
 * @param url absolute, http or https
 * @param body in base64, at most {@link #MAX_BODY_BYTES} decoded; empty for none
 */
public record OrderRequest(
        @JsonPropertyDescription("Method.") @NotEmpty @Size(max = 40)
        String method,

        @JsonPropertyDescription("Absolute URL.") @NotEmpty @Size(max = 8_192)
        String url,

        @JsonProperty(defaultValue = "[]") @JsonPropertyDescription("Header fields.") @Size(max = 200)
        List<OrderField> headers,

        @JsonProperty(defaultValue = "") @JsonPropertyDescription("Body in base64.") @Size(max = MAX_BODY_CHARACTERS)
        String body) {

    /** Longest body either way, in bytes. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    /** The same in base64. */
    public static final int MAX_BODY_CHARACTERS = (MAX_BODY_BYTES + 2) / 3 * 4;

    public OrderRequest {
        headers = List.copyOf(headers);
    }
}
