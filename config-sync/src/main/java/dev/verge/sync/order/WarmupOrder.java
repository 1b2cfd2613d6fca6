package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * URLs of a site that a node fetches as a client would, so that they are cached before clients come.
 *
 * @param urls absolute, http or https; their hosts are the site's
 * @param headers fields of each of these requests, which decide what variant is cached
 */
public record WarmupOrder(
        @JsonPropertyDescription("Name of the site.") @NotEmpty @Size(max = 100)
        String site,

        @JsonPropertyDescription("Absolute URLs.") @Size(min = 1, max = MOST_URLS)
        List<@NotEmpty @Size(max = LONGEST_URL) String> urls,

        @JsonProperty(defaultValue = "[]") @JsonPropertyDescription("Header fields.") @Size(max = MOST_HEADERS)
        List<OrderField> headers) {

    /** Most URLs of one order. */
    public static final int MOST_URLS = 100;

    /** Longest URL in characters. */
    public static final int LONGEST_URL = 8_192;

    /** Most header fields. */
    public static final int MOST_HEADERS = 50;

    public WarmupOrder {
        urls = List.copyOf(urls);
        headers = List.copyOf(headers);
    }
}
