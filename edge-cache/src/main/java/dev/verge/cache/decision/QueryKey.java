package dev.verge.cache.decision;

import dev.verge.cache.options.CacheOptions.QueryOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a query that counts, by policy. Parameters compare as written: percent-encoding is not touched. What is left out, and
 * what changes places, must mean the same to every origin, however it reads names and separators; in doubt a parameter counts and
 * stays where it is.
 */
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
        kept.removeIf(parameter -> !ParameterName.mayHoldOthers(parameter)
                && (keepListed ? !isListed(parameter, options) : isWrittenAsListed(parameter, options)));
        if (kept.isEmpty()) {
            return null;
        }
        return join(options.sort() ? sorted(kept) : kept);
    }

    private static List<String> split(String query) {
        return new ArrayList<>(List.of(query.split("&", -1)));
    }

    /** An origin that reads names leniently must find under a listed name nothing but what the key holds. */
    private static boolean isListed(String parameter, QueryOptions options) {
        String name = ParameterName.of(parameter);
        for (int i = 0; i < options.names().size(); i++) {
            if (ParameterName.of(options.names().get(i)).equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Only what every origin takes for a listed parameter is left out. */
    private static boolean isWrittenAsListed(String parameter, QueryOptions options) {
        int equals = parameter.indexOf('=');
        return options.names().contains(equals < 0 ? parameter : parameter.substring(0, equals));
    }

    /** Stable: the order of equal names carries meaning, and so does any order where a parameter may hold others. */
    private static List<String> sorted(List<String> parameters) {
        if (parameters.stream().noneMatch(ParameterName::mayHoldOthers)) {
            parameters.sort(Comparator.comparing(ParameterName::of));
        }
        return parameters;
    }

    private static String join(List<String> parameters) {
        return String.join("&", parameters);
    }
}
