package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of a trace: the request whose way is wanted.
 *
 * @param url absolute; its host is one of the site's, its port does not matter
 * @param headers fields by name
 * @param clientIp address that the client is taken to have; null: loopback
 * @param status that the response is taken to have, for the rules about it
 */
public record TraceRequest(
        @Size(min = 8, max = 8_192)
        @Pattern(regexp = "https?://[^/?#\\s]+[^#\\s]*", message = "an absolute http(s) URL of the site")
        @JsonPropertyDescription("Absolute URL; its host is one of the site's.")
        String url,

        @JsonProperty(defaultValue = "GET")
        @Pattern(regexp = "[A-Z]{1,20}", message = "a method in capitals, such as GET")
        @JsonPropertyDescription("Method.")
        String method,

        @JsonProperty(defaultValue = "{}") @Size(max = 200) @JsonPropertyDescription("Header fields by name.")
        Map<
                        @Pattern(regexp = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}", message = "a field name") String,
                        @Size(max = 16_384) String>
                headers,

        @Size(max = 64) @JsonPropertyDescription("Address that the client is taken to have; else loopback.") @Nullable
        String clientIp,

        @JsonProperty(defaultValue = "200")
        @Min(200)
        @Max(599)
        @JsonPropertyDescription("Status that the response is taken to have, for the rules about it.")
        int status) {}
