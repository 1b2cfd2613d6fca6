package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.order.WarmupOrder;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;

/**
 * Body of a warm-up: what every node fetches.
 *
 * @param urls absolute, whose hosts are the site's and whose ports do not matter; or paths
 * @param headers fields of each request by name, for content of which there are several variants
 */
public record WarmupRequest(
        @Size(min = 1, max = WarmupOrder.MOST_URLS)
        @JsonPropertyDescription(
                "Absolute URLs, whose hosts are the site's, or paths for each host of the site that is no wildcard, by https and by http: they"
                        + " are cached apart.")
        List<
                        @Size(min = 1, max = WarmupOrder.LONGEST_URL)
                        @Pattern(
                                regexp = "(https?://[^/?#\\s]+|/)[^#\\s]*",
                                message = "an absolute http(s) URL of the site, or a path")
                        String>
                urls,

        @JsonProperty(defaultValue = "{}")
        @Size(max = WarmupOrder.MOST_HEADERS)
        @JsonPropertyDescription("Header fields of each request by name, such as Accept-Encoding.")
        Map<
                        @Pattern(regexp = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}", message = "a field name") String,
                        @Pattern(
                                regexp = "[\\t\\x20-\\x7e]{0,4096}",
                                message = "printable ASCII, at most 4096 characters")
                        String>
                headers) {

    public WarmupRequest {
        urls = List.copyOf(urls);
        headers = Map.copyOf(headers);
    }
}
