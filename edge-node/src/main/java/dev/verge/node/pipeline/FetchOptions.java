package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.options.CacheOptions.EdgeTtl.EdgeMode;
import dev.verge.cache.options.CacheOverride;
import dev.verge.node.rules.RequestPlan;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a function said of the cache in a {@code fetch()} of its own site.
 *
 * @param ttl how long the answer may be kept, whatever it says itself; null: as it and the site say
 * @param bypass neither look up nor store
 * @param directive {@code Cache-Control} of the request that the standard's {@code init.cache} stands for; null for none
 */
record FetchOptions(
        @Nullable Duration ttl, boolean bypass, @Nullable String directive) {
    static final FetchOptions NONE = new FetchOptions(null, false, null);

    private static final Duration MAX_TTL = Duration.ofDays(365);

    /** Reads {@code init.verge} and {@code init.cache} as the sandbox hands them on; a {@link Fetches.Refused} says what is wrong. */
    static FetchOptions read(String json) {
        if (json.isEmpty()) {
            return NONE;
        }
        try {
            JsonObject options = new JsonObject(json);
            Number seconds = options.getNumber("cacheTtl");
            Duration ttl = null;
            if (seconds != null) {
                if (seconds.doubleValue() < 0 || seconds.doubleValue() > MAX_TTL.toSeconds()) {
                    throw new Fetches.Refused("cacheTtl: seconds from 0 to " + MAX_TTL.toSeconds());
                }
                ttl = Duration.ofSeconds(seconds.longValue());
            }
            String mode = options.getString("cache", "default");
            return new FetchOptions(
                    ttl, options.getBoolean("bypass", false) || mode.equals("no-store"), directive(mode));
        } catch (DecodeException | ClassCastException wrong) {
            throw new Fetches.Refused("verge: cacheTtl is a number of seconds, bypass true or false");
        }
    }

    /** Fetch standard §4.5, HTTP-network-or-cache fetch, as a shared cache understands it. */
    private static @Nullable String directive(String mode) {
        return switch (mode) {
            case "reload", "no-cache" -> "no-cache";
            case "force-cache" -> "max-stale";
            case "only-if-cached" -> "only-if-cached";
            default -> null;
        };
    }

    HttpFields applied(HttpFields request) {
        return directive == null || request.contains("cache-control")
                ? request
                : request.with("cache-control", directive);
    }

    private RequestPlan applied(RequestPlan plan) {
        Duration seconds = ttl;
        return new RequestPlan(
                plan.ending(),
                plan.rateChecks(),
                plan.pool(),
                plan.missFunction(),
                seconds == null
                        ? plan.cache()
                        : new CacheOverride(
                                        new CacheOverride.EdgeTtlOverride(EdgeMode.OVERRIDE, seconds, null),
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null)
                                .applyTo(plan.cache()),
                plan.bypassCache() || bypass,
                plan.path(),
                plan.query(),
                plan.requestFields(),
                plan.originVariant(),
                plan.coding(),
                plan.matched(),
                plan.expressionErrors());
    }

    /** The rules, and then these options. */
    Phase after(Phase rules) {
        FetchOptions options = this;
        return equals(NONE)
                ? rules
                : new Phase() {
                    @Override
                    public String title() {
                        return rules.title();
                    }

                    @Override
                    public Future<Step> apply(RequestState state) {
                        return rules.apply(state)
                                .map(step -> step instanceof Step.Continue(RequestState ruled)
                                        ? new Step.Continue(ruled.with(options.applied(ruled.requirePlan())))
                                        : step);
                    }
                };
    }
}
