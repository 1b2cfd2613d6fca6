package dev.verge.cache.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** The {@code cache:} block of a site. All of it is data; what it means for a request is decided in {@code dev.verge.cache.decision}. */
public record CacheOptions(
        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How long this node may reuse a response.")
        EdgeTtl edgeTtl,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What browsers are told about reuse.")
        BrowserTtl browserTtl,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("What tells two stored responses apart, besides scheme, host and path.")
        KeyOptions key,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("When a response may be served past its lifetime.")
        Stale stale,

        @JsonProperty(defaultValue = "10GiB")
        @Min(0)
        @JsonPropertyDescription("Larger bodies are passed on without being stored.")
        long maxObjectBytes,

        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("Concurrent requests for the same key wait for one origin fetch.")
        boolean collapse,

        @JsonProperty(defaultValue = "protect")
        @JsonPropertyDescription(
                "Responses with Set-Cookie: protect stores them only when the origin itself states a lifetime above zero or says"
                        + " public; honor treats them like any other response; never stores none of them.")
        SetCookie setCookie) {

    /** Every setting at its default. */
    public static final CacheOptions DEFAULT = new CacheOptions(
            EdgeTtl.DEFAULT, BrowserTtl.DEFAULT, KeyOptions.DEFAULT, Stale.DEFAULT, 10L << 30, true, SetCookie.PROTECT);

    /** How responses that carry Set-Cookie are treated. */
    public enum SetCookie {
        PROTECT,
        HONOR,
        NEVER
    }

    /** Lifetime at the edge. */
    public record EdgeTtl(
            @JsonProperty(defaultValue = "honor")
            @JsonPropertyDescription(
                    "honor follows the response; override replaces its lifetime; bypass stores nothing and reads nothing.")
            EdgeMode mode,

            @JsonProperty("default")
            @Nullable
            @DurationMin(millis = 0)
            @DurationMax(days = 3650)
            @JsonPropertyDescription(
                    "With honor: the lifetime of responses that say nothing. With override: the lifetime of all. Either way only"
                            + " for statuses that may be reused without a word of the origin (200, 203, 204, 300, 301,"
                            + " 308, 404, 405, 410, 414, 501); others need byStatus.")
            Duration fallback,

            @JsonProperty(defaultValue = "{}")
            @Size(max = 100)
            @JsonPropertyDescription(
                    "Lifetimes by status, such as \"404\" or \"5xx\"; used where `default` would be, before it.")
            Map<String, Duration> byStatus) {
        public static final EdgeTtl DEFAULT = new EdgeTtl(EdgeMode.HONOR, null, Map.of());

        public EdgeTtl {
            byStatus = StatusKeys.checked(byStatus);
            if (mode == EdgeMode.OVERRIDE && fallback == null && byStatus.isEmpty()) {
                throw new IllegalArgumentException(
                        "mode: override needs a lifetime; add default (such as 1h) or byStatus, or use honor");
            }
        }

        public enum EdgeMode {
            HONOR,
            OVERRIDE,
            BYPASS
        }

        /** The lifetime configured for a status by its number or its class; null when there is none. */
        public @Nullable Duration byStatus(int status) {
            if (byStatus.isEmpty()) {
                return null;
            }
            Duration exact = byStatus.get(Integer.toString(status));
            if (exact != null) {
                return exact;
            }
            return byStatus.get(status / 100 + "xx");
        }
    }

    /** Lifetime in browsers. */
    public record BrowserTtl(
            @JsonProperty(defaultValue = "honor")
            @JsonPropertyDescription(
                    "honor passes the response's own fields; override sends max-age=value; no-cache makes browsers ask every time.")
            BrowserMode mode,

            @Nullable
            @DurationMin(millis = 0)
            @DurationMax(days = 3650)
            @JsonPropertyDescription("The lifetime sent with override.")
            Duration value) {
        public static final BrowserTtl DEFAULT = new BrowserTtl(BrowserMode.HONOR, null);

        public BrowserTtl {
            if (mode == BrowserMode.OVERRIDE && value == null) {
                throw new IllegalArgumentException("value: required with mode override; add one, such as 10m");
            }
        }

        public enum BrowserMode {
            HONOR,
            OVERRIDE,
            NO_CACHE
        }
    }

    /** What is part of the key besides account, site, scheme, host and path. */
    public record KeyOptions(
            @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Which query parameters count.")
            QueryOptions query,

            @JsonProperty(defaultValue = "[]")
            @Size(max = 32)
            @JsonPropertyDescription("Names of cookies whose values are part of the key.")
            List<String> cookies,

            @JsonProperty(defaultValue = "[]")
            @Size(max = 32)
            @JsonPropertyDescription("Names of request headers whose values are part of the key.")
            List<String> headers,

            @JsonProperty(defaultValue = "false")
            @JsonPropertyDescription(
                    "Keep separate copies for mobile, tablet and desktop clients, told apart by User-Agent.")
            boolean device) {
        public static final KeyOptions DEFAULT = new KeyOptions(QueryOptions.DEFAULT, List.of(), List.of(), false);

        public KeyOptions {
            cookies = List.copyOf(cookies);
            headers = List.copyOf(headers);
        }
    }

    /** The query's part of the key. */
    public record QueryOptions(
            @JsonProperty(defaultValue = "all")
            @JsonPropertyDescription(
                    "all keeps every parameter; ignore none; allow only those in names; deny all but those in names.")
            QueryMode mode,

            @JsonProperty(defaultValue = "[]")
            @Size(max = 256)
            @JsonPropertyDescription("Parameter names for allow and deny.")
            List<String> names,

            @JsonProperty(defaultValue = "true")
            @JsonPropertyDescription(
                    "Order parameters by name, so that their order in the URL does not matter; equal names keep their order.")
            boolean sort) {
        public static final QueryOptions DEFAULT = new QueryOptions(QueryMode.ALL, List.of(), true);

        public QueryOptions {
            names = List.copyOf(names);
            if (mode == QueryMode.ALLOW && names.isEmpty()) {
                throw new IllegalArgumentException(
                        "names: allow without names keeps nothing; list names or use ignore");
            }
        }

        public enum QueryMode {
            ALL,
            IGNORE,
            ALLOW,
            DENY
        }
    }

    /** Serving past the lifetime (RFC 5861). A response's must-revalidate, proxy-revalidate, s-maxage and no-cache are stronger. */
    public record Stale(
            @Nullable
            @DurationMin(millis = 0)
            @DurationMax(days = 365)
            @JsonPropertyDescription(
                    "Serve stale for this long while a new copy is fetched in the background; absent: what the response says.")
            Duration whileRevalidate,

            @Nullable
            @DurationMin(millis = 0)
            @DurationMax(days = 365)
            @JsonPropertyDescription("Serve stale for this long when the origin fails; absent: what the response says.")
            Duration ifError) {
        public static final Stale DEFAULT = new Stale(null, null);
    }
}
