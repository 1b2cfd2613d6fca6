package dev.verge.cache.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.cache.options.CacheOptions.BrowserTtl;
import dev.verge.cache.options.CacheOptions.EdgeTtl;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.options.CacheOptions.QueryOptions;
import dev.verge.cache.options.CacheOptions.SetCookie;
import dev.verge.cache.options.CacheOptions.Stale;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * The {@code cache} behaviour of a rule: any part of {@link CacheOptions}. What is absent stays as the site says. Whether the
 * result makes sense is known only after {@link #applyTo}, so whoever validates a document applies each override once.
 */
public record CacheOverride(
        @Nullable EdgeTtlOverride edgeTtl,
        @Nullable BrowserTtlOverride browserTtl,
        @Nullable KeyOverride key,
        @Nullable StaleOverride stale,

        @Nullable @Min(0) @JsonPropertyDescription("Larger bodies are passed on without being stored.")
        Long maxObjectBytes,

        @Nullable @JsonPropertyDescription("Concurrent requests for the same key wait for one origin fetch.")
        Boolean collapse,

        @Nullable @JsonPropertyDescription("protect, honor or never; see the site's setting.")
        SetCookie setCookie) {

    /** {@code {bypassCache: true}}. */
    public static final CacheOverride BYPASS = new CacheOverride(
            new EdgeTtlOverride(EdgeTtl.EdgeMode.BYPASS, null, null), null, null, null, null, null, null);

    /**
     * The site's options with this override's settings in their place.
     *
     * @throws IllegalArgumentException when the combination is refused (such as override without a lifetime)
     */
    public CacheOptions applyTo(CacheOptions base) {
        return new CacheOptions(
                edgeTtl == null ? base.edgeTtl() : edgeTtl.applyTo(base.edgeTtl()),
                browserTtl == null ? base.browserTtl() : browserTtl.applyTo(base.browserTtl()),
                key == null ? base.key() : key.applyTo(base.key()),
                stale == null ? base.stale() : stale.applyTo(base.stale()),
                or(maxObjectBytes, base.maxObjectBytes()),
                or(collapse, base.collapse()),
                or(setCookie, base.setCookie()));
    }

    private static <T> T or(@Nullable T own, T base) {
        return own == null ? base : own;
    }

    /** Partial {@link EdgeTtl}. */
    public record EdgeTtlOverride(
            EdgeTtl.@Nullable EdgeMode mode,

            @JsonProperty("default") @Nullable @DurationMin(millis = 0) @DurationMax(days = 3650)
            Duration fallback,

            @Nullable @Size(max = 100) Map<String, Duration> byStatus) {
        public EdgeTtlOverride {
            byStatus = byStatus == null ? null : StatusKeys.checked(byStatus);
        }

        EdgeTtl applyTo(EdgeTtl base) {
            return new EdgeTtl(
                    or(mode, base.mode()),
                    fallback == null ? base.fallback() : fallback,
                    or(byStatus, base.byStatus()));
        }
    }

    /** Partial {@link BrowserTtl}. */
    public record BrowserTtlOverride(
            BrowserTtl.@Nullable BrowserMode mode,

            @Nullable @DurationMin(millis = 0) @DurationMax(days = 3650)
            Duration value) {
        BrowserTtl applyTo(BrowserTtl base) {
            return new BrowserTtl(or(mode, base.mode()), value == null ? base.value() : value);
        }
    }

    /** Partial {@link KeyOptions}. */
    public record KeyOverride(
            @Nullable QueryOverride query,
            @Nullable @Size(max = 32) List<String> cookies,
            @Nullable @Size(max = 32) List<String> headers,
            @Nullable Boolean device) {
        KeyOptions applyTo(KeyOptions base) {
            return new KeyOptions(
                    query == null ? base.query() : query.applyTo(base.query()),
                    or(cookies, base.cookies()),
                    or(headers, base.headers()),
                    or(device, base.device()));
        }
    }

    /** Partial {@link QueryOptions}. */
    public record QueryOverride(
            QueryOptions.@Nullable QueryMode mode,
            @Nullable @Size(max = 256) List<String> names,
            @Nullable Boolean sort) {
        QueryOptions applyTo(QueryOptions base) {
            return new QueryOptions(or(mode, base.mode()), or(names, base.names()), or(sort, base.sort()));
        }
    }

    /** Partial {@link Stale}. */
    public record StaleOverride(
            @Nullable @DurationMin(millis = 0) @DurationMax(days = 365)
            Duration whileRevalidate,

            @Nullable @DurationMin(millis = 0) @DurationMax(days = 365)
            Duration ifError) {
        Stale applyTo(Stale base) {
            return new Stale(
                    whileRevalidate == null ? base.whileRevalidate() : whileRevalidate,
                    ifError == null ? base.ifError() : ifError);
        }
    }
}
