package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Body of a purge: exactly one of the five targets.
 *
 * @param urls absolute, or a path for every host of the site
 * @param prefixes likewise, and everything below
 * @param tags of {@code Cache-Tag} or {@code Surrogate-Key}
 * @param hosts of the site
 * @param everything all that the site has cached; only {@code true} is allowed
 * @param soft mark as stale instead of removing
 */
public record PurgeOrder(
        @Nullable
        @Size(min = 1, max = 1000)
        @JsonPropertyDescription("URLs: absolute, or a path for every host of the site.")
        List<String> urls,

        @Nullable
        @Size(min = 1, max = 1000)
        @JsonPropertyDescription("URL prefixes: absolute, or a path for every host of the site.")
        List<String> prefixes,

        @Nullable
        @Size(min = 1, max = 1000)
        @JsonPropertyDescription("Tags that responses carried in Cache-Tag or Surrogate-Key.")
        List<String> tags,

        @Nullable @Size(min = 1, max = 1000) @JsonPropertyDescription("Hosts of the site.")
        List<String> hosts,

        @Nullable @JsonPropertyDescription("true: all that the site has cached.")
        Boolean everything,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Mark as stale instead of removing.")
        boolean soft) {

    /** Checks that exactly one target is named. */
    public PurgeOrder {
        long targets = Stream.of(urls, prefixes, tags, hosts, everything)
                .filter(Objects::nonNull)
                .count();
        if (targets != 1) {
            throw new IllegalArgumentException("urls: " + targets
                    + " targets are named; name exactly one of urls, prefixes, tags, hosts, everything");
        }
        if (Boolean.FALSE.equals(everything)) {
            throw new IllegalArgumentException(
                    "everything: is false; write true, or leave it out and name another target");
        }
    }

    /** All that the site has cached. */
    public static PurgeOrder everything(boolean soft) {
        return new PurgeOrder(null, null, null, null, true, soft);
    }

    /** The given URLs. */
    public static PurgeOrder urls(List<String> urls, boolean soft) {
        return new PurgeOrder(urls, null, null, null, null, soft);
    }

    /** All below the given prefixes. */
    public static PurgeOrder prefixes(List<String> prefixes, boolean soft) {
        return new PurgeOrder(null, prefixes, null, null, null, soft);
    }

    /** All that carries one of the given tags. */
    public static PurgeOrder tags(List<String> tags, boolean soft) {
        return new PurgeOrder(null, null, tags, null, null, soft);
    }
}
