package dev.verge.control.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about usage.
 *
 * @param function its versions alone; null: not of one function
 * @param site that one alone; null: not of one site
 * @param query {@code from}, {@code to}, {@code step}, and {@code by} where neither is named
 */
public record UsageQuestion(
        @Nullable String function, @Nullable String site, Map<String, String> query) {

    /** Checks that one thing is asked for. */
    public UsageQuestion {
        query = Map.copyOf(query);
        if (function != null && site != null) {
            throw new IllegalArgumentException("a function and a site: name one of them");
        }
    }

    String path(String format) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.put("format", format);
        String text = all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + Wire.part(entry.getValue()))
                .collect(Collectors.joining("&"));
        String place = function != null
                ? "/functions/" + Wire.part(function) + "/usage"
                : site != null ? "/sites/" + Wire.part(site) + "/usage" : "/usage";
        return "/v1" + place + "?" + text;
    }
}
