package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Bounds on what clients may send to a node and hold of it. */
public record Limits(
        @JsonProperty(defaultValue = "8KiB")
        @JsonPropertyDescription("Longest request line; a longer one is answered 414.")
        @Min(256)
        @Max(1 << 20)
        long requestLineBytes,

        @JsonProperty(defaultValue = "32KiB")
        @JsonPropertyDescription("All request header fields together; more is answered 431.")
        @Min(512)
        @Max(1 << 20)
        long headerBytes,

        @JsonProperty(defaultValue = "128")
        @JsonPropertyDescription(
                "Most field lines of a request, of its header and of its trailer each; more is answered 431.")
        @Min(8)
        @Max(10_000)
        int headerFields,

        @JsonProperty(defaultValue = "1GiB")
        @JsonPropertyDescription("Longest request body; a longer one is answered 413.")
        @Min(0)
        @Max(1L << 42)
        long bodyBytes,

        @JsonProperty(defaultValue = "65536")
        @JsonPropertyDescription("Client connections open at once; further ones are closed when they arrive.")
        @Min(1)
        @Max(10_000_000)
        int connections,

        @JsonProperty(defaultValue = "16384")
        @JsonPropertyDescription(
                "Connections open at once from one address (IPv6: from one /64), trusted proxies excepted; further"
                        + " ones are closed when they arrive.")
        @Min(1)
        @Max(10_000_000)
        int connectionsPerClient,

        @JsonProperty(defaultValue = "4096")
        @JsonPropertyDescription("TLS handshakes under way at once; further connections are closed when they arrive.")
        @Min(1)
        @Max(10_000_000)
        int handshakes,

        @JsonProperty(defaultValue = "512")
        @JsonPropertyDescription(
                "TLS handshakes under way at once from one address (IPv6: from one /64), trusted and PROXY peers excepted;"
                        + " further connections are closed when they arrive.")
        @Min(1)
        @Max(10_000_000)
        int handshakesPerClient,

        @JsonProperty(defaultValue = "10s")
        @JsonPropertyDescription("Time that a TLS handshake may take, from accepting the connection on.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 1)
        Duration handshakeTimeout,

        @JsonProperty(defaultValue = "100000")
        @JsonPropertyDescription("Requests answered on one connection before it is closed in order.")
        @Min(1)
        @Max(1_000_000_000)
        long requestsPerConnection,

        @JsonProperty(defaultValue = "100")
        @JsonPropertyDescription("Concurrent HTTP/2 streams a connection may have.")
        @Min(1)
        @Max(10_000)
        int streamsPerConnection,

        @JsonProperty(defaultValue = "256MiB")
        @JsonPropertyDescription(
                "Response bytes that may wait for all HTTP/2 clients together because they do not take them; beyond that"
                        + " the connections end for which most waits.")
        @Min(1 << 16)
        @Max(1L << 42)
        long http2WaitingBytes,

        @JsonProperty(defaultValue = "16384")
        @JsonPropertyDescription(
                "Tunnels (WebSocket and other upgrades) open at once; further ones are answered 503 with Retry-After.")
        @Min(0)
        @Max(10_000_000)
        int tunnels,

        @JsonProperty(defaultValue = "2048")
        @JsonPropertyDescription(
                "Upstream pools kept, with their connections and metrics, though nobody uses them at the moment, give or take"
                        + " a quarter; beyond that, those unused for longest are given up and made anew at their next"
                        + " request. Pools with a health check stay.")
        @Min(1)
        @Max(100_000)
        int idlePools,

        @JsonProperty(defaultValue = "10s")
        @JsonPropertyDescription("Time a client has to send a request's header section, counted from its first byte.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 1)
        Duration headerTimeout,

        @JsonProperty(defaultValue = "75s")
        @JsonPropertyDescription("Time a connection may wait between two requests.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        Duration keepAlive,

        @JsonProperty(defaultValue = "60s")
        @JsonPropertyDescription("Time without a byte in either direction after which a request under way is given up.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        Duration idle,

        @JsonProperty(defaultValue = "256")
        @JsonPropertyDescription(
                "Slowest pace at which a request body may arrive while it is waited for; a slower one is answered 408."
                        + " 0 allows any.")
        @Min(0)
        @Max(1 << 30)
        long minBodyBytesPerSecond,

        @JsonProperty(defaultValue = "256")
        @JsonPropertyDescription(
                "Slowest pace at which a client may take what was sent to it; a slower one is disconnected. 0 allows any.")
        @Min(0)
        @Max(1 << 30)
        long minResponseBytesPerSecond,

        @JsonProperty(defaultValue = "10s")
        @JsonPropertyDescription(
                "Time over which the two paces are measured; only time in which the node waits counts.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 1)
        Duration dataGrace,

        @JsonProperty(defaultValue = "92")
        @JsonPropertyDescription(
                "Share of the heap in use after a collection, or of direct memory in use, in percent, above which new"
                        + " requests are answered 503 with Retry-After.")
        @Min(1)
        @Max(100)
        int memoryPercent,

        @JsonProperty(defaultValue = "30s")
        @JsonPropertyDescription("Time that requests under way have to finish when the node drains.")
        @DurationMin(millis = 0)
        @DurationMax(hours = 24)
        Duration drain) {
    public Limits {
        if (requestLineBytes > headerBytes) {
            throw new IllegalArgumentException("requestLineBytes: " + requestLineBytes + " is more than headerBytes ("
                    + headerBytes + "); lower it or raise headerBytes");
        }
    }
}
