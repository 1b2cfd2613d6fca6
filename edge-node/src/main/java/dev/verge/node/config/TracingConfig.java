package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** Which requests are traced, and where their spans go. */
public record TracingConfig(
        @Nullable
        @JsonPropertyDescription(
                "URL of a collector that takes OTLP over HTTP (protobuf, gzip), http or https; without a path, /v1/traces is"
                        + " added. Absent: nothing is traced.")
        @Size(max = 2048)
        URI endpoint,

        @JsonProperty(defaultValue = "0.01")
        @JsonPropertyDescription(
                "Share of requests that are traced, 0 to 1; requests of trusted proxies that bring a traceparent are traced when"
                        + " it says so.")
        @DecimalMin("0")
        @DecimalMax("1")
        double sample,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Header fields sent to the collector, such as an authorization. Their values are never shown by /config.")
        @Size(max = 16)
        Map<String, String> headers,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Attributes of the resource that spans come from, beside service.name (verge), service.instance.id (the node) and"
                        + " cloud.region.")
        @Size(max = 32)
        Map<String, String> resource,

        @JsonProperty(defaultValue = "10s")
        @JsonPropertyDescription("Time that one batch of spans may take to be taken by the collector.")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 1)
        Duration timeout,

        @JsonProperty(defaultValue = "8192")
        @JsonPropertyDescription("Ended spans that may wait for the collector; more are lost and counted.")
        @Min(64)
        @Max(1_000_000)
        int queueSpans) {
    private static final String SIGNAL_PATH = "/v1/traces";
    /** The exporter's own. */
    private static final Set<String> RESERVED = Set.of("content-type", "content-length", "content-encoding", "host");

    public TracingConfig {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
        if (endpoint != null
                && (endpoint.getHost() == null
                        || endpoint.getRawUserInfo() != null
                        || endpoint.getRawFragment() != null
                        || !("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme())))) {
            throw new IllegalArgumentException(
                    "endpoint: \"" + endpoint + "\" is no URL of a collector; write it like http://127.0.0.1:4318");
        }
        headers.forEach((name, value) -> {
            boolean field = !name.isEmpty()
                    && name.chars().allMatch(c -> (Character.isLetterOrDigit(c) && c < 0x7f) || c == '-' || c == '_')
                    && value.length() <= 4096
                    && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                    && !RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT));
            if (!field) {
                throw new IllegalArgumentException("headers." + name
                        + ": is no header field to add; a name is letters, digits and dashes, a value is printable ASCII, and"
                        + " framing and content type are the node's own");
            }
        });
    }

    /** Where batches are sent; null when nothing is traced. */
    public @Nullable String collector() {
        if (endpoint == null) {
            return null;
        }
        String path = endpoint.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/")) && endpoint.getRawQuery() == null;
        return bare ? endpoint.resolve(SIGNAL_PATH).toString() : endpoint.toString();
    }

    @Override
    public String toString() {
        return "TracingConfig[endpoint=" + endpoint + ", sample=" + sample + ", headers=" + headers.keySet() + "]";
    }
}
