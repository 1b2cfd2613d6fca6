package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an {@code https} origin.
 *
 * @param sni server name to ask for and to verify; null: the host of the origin's URL
 * @param verify whether the certificate must be valid for that name
 */
public record OriginTls(
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Server name asked for and verified; absent: the host of the origin's URL.")
        @Nullable
        String sni,

        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("Whether the origin's certificate must be valid for that name.")
        boolean verify) {

    /** What applies when an {@code https} origin says nothing. */
    public static final OriginTls DEFAULT = new OriginTls(null, true);
}
