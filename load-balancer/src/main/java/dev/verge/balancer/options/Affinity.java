package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Keeps a client at one origin by a cookie. */
public record Affinity(
        @JsonProperty(defaultValue = "verge_lb")
        @Pattern(regexp = "[A-Za-z0-9_-]{1,64}")
        @JsonPropertyDescription("Name of the cookie.")
        String cookie,

        @JsonProperty(defaultValue = "1h")
        @DurationMin(seconds = 1)
        @DurationMax(days = 365)
        @JsonPropertyDescription("How long the client keeps it.")
        Duration ttl) {}
