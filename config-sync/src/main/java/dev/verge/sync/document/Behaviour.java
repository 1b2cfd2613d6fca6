package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.cache.options.CacheOverride;
import dev.verge.sync.binding.Keyed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/** One thing that a rule does, told apart by its key. */
public sealed interface Behaviour {

    /** When it acts. */
    default Phase phase() {
        return switch (this) {
            case SetResponseHeader b -> Phase.RESPONSE;
            case RemoveResponseHeader b -> Phase.RESPONSE;
            case ToPool b -> Phase.REQUEST;
            case Run b -> Phase.REQUEST;
            case CacheBy b -> Phase.REQUEST;
            case BypassCache b -> Phase.REQUEST;
            case Redirect b -> Phase.REQUEST;
            case Rewrite b -> Phase.REQUEST;
            case Respond b -> Phase.REQUEST;
            case Deny b -> Phase.REQUEST;
            case SetRequestHeader b -> Phase.REQUEST;
            case RemoveRequestHeader b -> Phase.REQUEST;
            case RateLimit b -> Phase.REQUEST;
            case Compress b -> Phase.REQUEST;
        };
    }

    /** Whether it answers the request, so that nothing may follow it in a rule. */
    default boolean ends() {
        return switch (this) {
            case Run run -> run.at() == RunAt.REQUEST;
            case Redirect b -> true;
            case Respond b -> true;
            case Deny b -> true;
            case ToPool b -> false;
            case CacheBy b -> false;
            case BypassCache b -> false;
            case Rewrite b -> false;
            case SetRequestHeader b -> false;
            case RemoveRequestHeader b -> false;
            case SetResponseHeader b -> false;
            case RemoveResponseHeader b -> false;
            case RateLimit b -> false;
            case Compress b -> false;
        };
    }

    /** When a behaviour acts. */
    enum Phase {
        REQUEST,
        RESPONSE
    }

    /** When a function runs: for each request, or in place of the origin on a cache miss. */
    enum RunAt {
        REQUEST,
        MISS
    }

    /** {@code {pool: NAME}} */
    record ToPool(
            @JsonPropertyDescription("Pool that gets the request.") @NotEmpty
            String pool) implements Behaviour {}

    /** {@code {run: NAME, at: miss}} */
    record Run(
            @JsonProperty("run") @JsonPropertyDescription("Key of `functions` that answers.") @NotEmpty
            String function,

            @JsonProperty(defaultValue = "request")
            @JsonPropertyDescription("For each request, or on a cache miss in place of the origin.")
            RunAt at)
            implements Behaviour {}

    /** {@code {cache: {…}}}; what is not given stays as the site has it. */
    record CacheBy(
            @JsonPropertyDescription("Parts of the site's `cache` that differ here.")
            CacheOverride cache) implements Behaviour {}

    /** {@code {bypassCache: true}} */
    record BypassCache(
            @JsonPropertyDescription("Neither look up nor store.")
            boolean bypassCache) implements Behaviour {
        public BypassCache {
            if (!bypassCache) {
                throw new IllegalArgumentException("bypassCache: must be true; leave the behaviour out");
            }
        }
    }

    /** {@code {redirect: {to: URL, status: 302}}} */
    @Keyed("redirect")
    record Redirect(
            @JsonPropertyDescription("Where to: an absolute URL or a path; may hold variables.")
            Template to,

            @JsonProperty(defaultValue = "302") @JsonPropertyDescription("301, 302, 303, 307 or 308.")
            int status)
            implements Behaviour {
        public Redirect {
            if (!List.of(301, 302, 303, 307, 308).contains(status)) {
                throw new IllegalArgumentException("status: one of 301, 302, 303, 307, 308; choose one");
            }
        }
    }

    /** {@code {rewrite: {path: PATH, query: QUERY}}} */
    @Keyed("rewrite")
    record Rewrite(
            @JsonPropertyDescription("New path; may hold variables.") @Nullable
            Template path,

            @JsonPropertyDescription("New query without question mark; empty removes it; may hold variables.") @Nullable
            Template query)
            implements Behaviour {
        public Rewrite {
            if (path == null && query == null) {
                throw new IllegalArgumentException("path: a rewrite changes the path, the query or both; add one");
            }
        }
    }

    /** {@code {respond: {status: 200, headers: {}, body: TEXT}}} */
    @Keyed("respond")
    record Respond(
            @JsonProperty(defaultValue = "200") @JsonPropertyDescription("Status of the answer.") @Min(200) @Max(599)
            int status,

            @JsonProperty(defaultValue = "{}")
            @JsonPropertyDescription("Header fields of the answer; values may hold variables.")
            @Size(max = 100)
            Map<FieldName, Template> headers,

            @JsonPropertyDescription("Body of the answer; may hold variables.") @Nullable
            Template body)
            implements Behaviour {}

    /** {@code {deny: {status: 403}}} */
    @Keyed("deny")
    record Deny(
            @JsonProperty(defaultValue = "403") @JsonPropertyDescription("Status of the refusal.") @Min(400) @Max(599)
            int status)
            implements Behaviour {}

    /** {@code {setRequestHeader: {NAME: VALUE}}} */
    record SetRequestHeader(
            @JsonProperty("setRequestHeader")
            @JsonPropertyDescription("Fields to set on the request to the origin; values may hold variables.")
            @NotEmpty
            @Size(max = 100)
            Map<FieldName, Template> headers)
            implements Behaviour {}

    /** {@code {removeRequestHeader: [NAME]}} */
    record RemoveRequestHeader(
            @JsonProperty("removeRequestHeader")
            @JsonPropertyDescription("Fields to drop from the request to the origin.")
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @NotEmpty
            @Size(max = 100)
            List<FieldName> headers)
            implements Behaviour {}

    /** {@code {setResponseHeader: {NAME: VALUE}}} */
    record SetResponseHeader(
            @JsonProperty("setResponseHeader")
            @JsonPropertyDescription("Fields to set on the response; values may hold variables.")
            @NotEmpty
            @Size(max = 100)
            Map<FieldName, Template> headers)
            implements Behaviour {}

    /** {@code {removeResponseHeader: [NAME]}} */
    record RemoveResponseHeader(
            @JsonProperty("removeResponseHeader")
            @JsonPropertyDescription("Fields to drop from the response.")
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            @NotEmpty
            @Size(max = 100)
            List<FieldName> headers)
            implements Behaviour {}

    /** {@code {rateLimit: {requests: 10, per: 1s, burst: 20, by: client-ip}}} */
    @Keyed("rateLimit")
    record RateLimit(
            @JsonPropertyDescription("How many requests are let through.") @Min(1) @Max(1_000_000_000)
            int requests,

            @JsonProperty(defaultValue = "1s")
            @JsonPropertyDescription("In how much time.")
            @DurationMin(seconds = 1)
            @DurationMax(days = 1)
            Duration per,

            @JsonPropertyDescription("How many may come at once; as many as `requests` when absent.")
            @Min(1)
            @Max(1_000_000_000)
            @Nullable
            Integer burst,

            @JsonProperty(defaultValue = "client-ip")
            @JsonPropertyDescription("Who is counted: client-ip, host, site, header:NAME or cookie:NAME.")
            RateKey by)
            implements Behaviour {
        public RateLimit {
            if (burst != null && burst < requests && per.compareTo(Duration.ofSeconds(1)) <= 0) {
                throw new IllegalArgumentException("burst: " + burst + " is below the " + requests
                        + " requests that are let through each second; raise it or lower `requests`");
            }
        }

        /** How many may come at once. */
        public int burstOrDefault() {
            return burst == null ? requests : burst;
        }
    }

    /** {@code {compress: true}}; {@code false} takes back what an earlier rule said. Nothing is compressed without it. */
    record Compress(
            @JsonPropertyDescription(
                    "Compress answers of compressible types with br, zstd or gzip as the client's Accept-Encoding"
                            + " allows; each coding is stored once. Not what is below 1 KiB, coded already, no-transform, or an event"
                            + " stream. Ranges are of the uncompressed content. false: not after all")
            boolean compress)
            implements Behaviour {}
}
