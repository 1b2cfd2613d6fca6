package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/** The ports in the URLs that clients use. They go into {@code ${host}} and {@code X-Forwarded-Host}; a client's own never does. */
public record PublicPorts(
        @Nullable @JsonPropertyDescription("Port of http:// URLs; the listening port when absent.") @Min(1) @Max(65_535)
        Integer http,

        @Nullable
        @JsonPropertyDescription("Port of https:// URLs; the listening port when absent.")
        @Min(1)
        @Max(65_535)
        Integer https) {}
