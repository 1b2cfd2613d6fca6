package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Active health checks. Without this block a pool sends no probes.
 *
 * @param expectedBody text that the first 64 KiB of the body must contain; null or empty: any body
 */
public record HealthCheck(
        @JsonProperty(defaultValue = "/")
        @Size(min = 1, max = 2048)
        @Pattern(regexp = "/[!-~]*")
        @JsonPropertyDescription("Path and query that is asked for.")
        String path,

        @JsonProperty(defaultValue = "GET")
        @Pattern(regexp = "GET|HEAD|OPTIONS|POST")
        @JsonPropertyDescription("Method of the probe.")
        String method,

        @JsonProperty(defaultValue = "2s")
        @DurationMin(millis = 100)
        @DurationMax(hours = 1)
        @JsonPropertyDescription(
                "Time between two probes of an origin; spread by ±10 %, and a quarter of it while the state is about to change.")
        Duration interval,

        @JsonProperty(defaultValue = "1s")
        @DurationMin(millis = 10)
        @DurationMax(minutes = 1)
        @JsonPropertyDescription("Time a probe may take, connecting and body included.")
        Duration timeout,

        @JsonProperty(defaultValue = "2")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Good probes in a row that bring an origin back.")
        int consecutiveUp,

        @JsonProperty(defaultValue = "3")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Bad probes in a row that take an origin out.")
        int consecutiveDown,

        @JsonProperty(defaultValue = "200-399")
        @JsonPropertyDescription("Status codes that count as good: codes and ranges, separated by commas.")
        StatusSet expectedCodes,

        @Size(max = 4096)
        @JsonPropertyDescription("Text that the first 64 KiB of the body must contain; absent or empty: any body.")
        @Nullable
        String expectedBody,

        @JsonProperty(defaultValue = "{}")
        @Size(max = 32)
        @JsonPropertyDescription("Header fields sent with each probe.")
        Map<String, String> headers,

        @JsonProperty(defaultValue = "http")
        @JsonPropertyDescription(
                "What a probe does: http sends a request (https to https origins); tcp only connects, TLS included for https origins.")
        HealthCheckType type) {

    public HealthCheck {
        headers = Map.copyOf(headers);
        if (type == HealthCheckType.TCP && ((expectedBody != null && !expectedBody.isEmpty()) || !headers.isEmpty())) {
            throw new IllegalArgumentException(
                    "type: a tcp probe sends and reads nothing; remove expectedBody and headers");
        }
        if (method.equals("HEAD") && expectedBody != null && !expectedBody.isEmpty()) {
            throw new IllegalArgumentException("expectedBody: a HEAD probe has no body; use method: GET");
        }
        headers.forEach((name, value) -> {
            if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
                throw new IllegalArgumentException("headers." + name
                        + ": is not a header field; a name is letters, digits and dashes, a value has no line break");
            }
        });
    }
}
