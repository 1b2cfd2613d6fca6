package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.EdgeTtl.EdgeMode;
import dev.verge.cache.options.CacheOverride;
import dev.verge.node.rules.RequestPlan;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a function said of the cache in a {@code fetch()} of its own site.
 *
 * @param ttl how long the answer may be kept, whatever it says itself; null: as it and the site say
 * @param ttlByStatus the same for answers with these statuses: {@code 404}, {@code 200-299}
 * @param key what the answer is kept under in place of its URL, within the site; null: its URL
 * @param tags to purge the answer by, beside its own
 * @param bypass neither look up nor store
 * @param directive {@code Cache-Control} of the request that the standard's {@code init.cache} stands for; null for none
 */
record FetchOptions(
        @Nullable Duration ttl,
        Map<String, Duration> ttlByStatus,
        @Nullable String key,
        List<String> tags,
        boolean bypass,
        @Nullable String directive) {
    static final FetchOptions NONE = new FetchOptions(null, Map.of(), null, List.of(), false, null);

    private static final Duration MAX_TTL = Duration.ofDays(365);
    private static final int MAX_STATUSES = 100;
    private static final Pattern STATUS = Pattern.compile("[2-5][0-9][0-9]|(?<hundred>[2-5])(?:xx|00-\\k<hundred>99)");
    private static final int MAX_KEY_CHARACTERS = 1024;
    private static final int MAX_TAGS = 100;
    private static final int MAX_TAG_CHARACTERS = 256;

    FetchOptions {
        ttlByStatus = Map.copyOf(ttlByStatus);
        tags = List.copyOf(tags);
    }

    /** Reads {@code init.verge} and {@code init.cache} as the sandbox hands them on; a {@link Fetches.Refused} says what is wrong. */
    static FetchOptions read(String json) {
        if (json.isEmpty()) {
            return NONE;
        }
        try {
            JsonObject options = new JsonObject(json);
            // Of kinds of content, none is left out here: cacheEverything is for those who know it from elsewhere.
            options.getBoolean("cacheEverything");
            Number seconds = options.getNumber("cacheTtl");
            String mode = options.getString("cache", "default");
            return new FetchOptions(
                    seconds == null ? null : ttl("cacheTtl", seconds),
                    ttls(options.getJsonObject("cacheTtlByStatus")),
                    key(options.getString("cacheKey")),
                    tags(options.getJsonArray("cacheTags")),
                    options.getBoolean("bypass", false) || mode.equals("no-store"),
                    directive(mode));
        } catch (DecodeException | ClassCastException wrong) {
            throw new Fetches.Refused(
                    "verge: cacheTtl is a number of seconds, cacheTtlByStatus an object of such by status,"
                            + " cacheKey a text, cacheTags a list of texts, bypass and cacheEverything true or false");
        }
    }

    private static Duration ttl(String field, Number seconds) {
        if (!(seconds.doubleValue() >= 0) || seconds.doubleValue() > MAX_TTL.toSeconds()) {
            throw new Fetches.Refused(field + ": seconds from 0 to " + MAX_TTL.toSeconds());
        }
        return Duration.ofSeconds(seconds.longValue());
    }

    private static Map<String, Duration> ttls(@Nullable JsonObject written) {
        if (written == null) {
            return Map.of();
        }
        Map<String, Duration> ttls = new HashMap<>();
        for (String status : written.fieldNames()) {
            Matcher read = STATUS.matcher(status);
            if (!read.matches() || written.size() > MAX_STATUSES) {
                throw new Fetches.Refused("cacheTtlByStatus: at most " + MAX_STATUSES
                        + " statuses such as 404, or hundreds such as 200-299 or 2xx, not " + status);
            }
            Number seconds = written.getNumber(status);
            // Less than nothing is how others say: not at all.
            String place = read.group("hundred") == null ? status : read.group("hundred") + "xx";
            ttls.put(place, seconds.doubleValue() < 0 ? Duration.ZERO : ttl("cacheTtlByStatus", seconds));
        }
        return ttls;
    }

    private static @Nullable String key(@Nullable String written) {
        if (written != null && (written.isEmpty() || written.length() > MAX_KEY_CHARACTERS)) {
            throw new Fetches.Refused("cacheKey: a text of 1 to " + MAX_KEY_CHARACTERS + " characters");
        }
        return written;
    }

    private static List<String> tags(@Nullable JsonArray written) {
        List<String> tags = new ArrayList<>();
        for (int i = 0; written != null && i < written.size(); i++) {
            String tag = written.getString(i);
            if (written.size() > MAX_TAGS
                    || tag.isBlank()
                    || tag.length() > MAX_TAG_CHARACTERS
                    || !tag.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != ',')) {
                throw new Fetches.Refused("cacheTags: at most " + MAX_TAGS + " texts of 1 to " + MAX_TAG_CHARACTERS
                        + " printable ASCII characters other than commas");
            }
            tags.add(tag);
        }
        return tags;
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
        return new RequestPlan(
                plan.ending(),
                plan.rateChecks(),
                plan.pool(),
                plan.missFunction(),
                kept(plan.cache()),
                plan.bypassCache() || bypass,
                plan.path(),
                plan.query(),
                plan.requestFields(),
                plan.originVariant(),
                key,
                tags,
                plan.coding(),
                plan.matched(),
                plan.expressionErrors());
    }

    private CacheOptions kept(CacheOptions site) {
        if (ttl == null && ttlByStatus.isEmpty()) {
            return site;
        }
        return new CacheOverride(
                        new CacheOverride.EdgeTtlOverride(
                                EdgeMode.OVERRIDE, ttl, ttlByStatus.isEmpty() ? null : ttlByStatus),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .applyTo(site);
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
