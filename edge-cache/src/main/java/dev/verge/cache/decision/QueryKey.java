package dev.verge.cache.decision;

import dev.verge.cache.options.CacheOptions.QueryOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a query that counts, by policy. Parameters compare as written: percent-encoding is not touched. */
public final class QueryKey {
    private QueryKey() {}

    /** Null when there is no query, or nothing of it counts. */
    public static @Nullable String of(@Nullable String query, QueryOptions options) {
        if (query == null) {
            return null;
        }
        return switch (options.mode()) {
            case IGNORE -> null;
            case ALL -> options.sort() && query.indexOf('&') >= 0 ? join(sorted(split(query))) : query;
            case ALLOW -> filtered(query, options, true);
            case DENY -> filtered(query, options, false);
        };
    }

    private static @Nullable String filtered(String query, QueryOptions options, boolean keepListed) {
        List<String> kept = split(query);
        kept.removeIf(parameter -> options.names().contains(name(parameter)) != keepListed);
        if (kept.isEmpty()) {
            return null;
        }
        return join(options.sort() ? sorted(kept) : kept);
    }

    private static List<String> split(String query) {
        return new ArrayList<>(List.of(query.split("&", -1)));
    }

    /** Stable: the order of equal names carries meaning. */
    private static List<String> sorted(List<String> parameters) {
        parameters.sort(Comparator.comparing(QueryKey::name));
        return parameters;
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    private static String join(List<String> parameters) {
        return String.join("&", parameters);
    }
}
