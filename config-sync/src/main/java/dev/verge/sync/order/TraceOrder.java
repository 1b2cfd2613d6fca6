package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request whose way through a site's rules is wanted, without anything being asked of cache, function or origin.
 *
 * @param url absolute, http or https; its host is one of the site's
 * @param clientIp address that the client is taken to have; null: loopback
 * @param status that the response is taken to have when the rules do not answer
 */
public record TraceOrder(
        @JsonPropertyDescription("Name of the site.") @NotEmpty @Size(max = 100)
        String site,

        @JsonPropertyDescription("Method.") @NotEmpty @Size(max = 40)
        String method,

        @JsonPropertyDescription("Absolute URL.") @NotEmpty @Size(max = 8_192)
        String url,

        @JsonProperty(defaultValue = "[]") @JsonPropertyDescription("Header fields.") @Size(max = 200)
        List<OrderField> headers,

        @JsonPropertyDescription("The client's address.") @Size(max = 64) @Nullable
        String clientIp,

        @JsonProperty(defaultValue = "200") @JsonPropertyDescription("Status of the response.") @Min(200) @Max(599)
        int status) {

    public TraceOrder {
        headers = List.copyOf(headers);
    }
}
