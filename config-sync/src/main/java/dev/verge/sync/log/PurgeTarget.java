package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;

/** What a purge takes away; written as the one key that the record is named after, for example {@code {tags: [a, b]}}. */
public sealed interface PurgeTarget {

    /** Most items in one purge. */
    int MAX_ITEMS = 1_000;

    /** Exact addresses: absolute, or a path for every host of the site. */
    record Urls(
            @JsonPropertyDescription("Absolute URLs, or paths for every host of the site.")
            @NotEmpty
            @Size(max = MAX_ITEMS)
            List<@Size(min = 1, max = 8192) String> urls)
            implements PurgeTarget {}

    /** Everything whose address begins so: absolute, or a path for every host of the site. */
    record Prefixes(
            @JsonPropertyDescription("Beginnings of URLs or paths.") @NotEmpty @Size(max = MAX_ITEMS)
            List<@Size(min = 1, max = 8192) String> prefixes)
            implements PurgeTarget {}

    /** Everything that carries one of these tags. */
    record Tags(
            @JsonPropertyDescription("Tags from Cache-Tag or Surrogate-Key.") @NotEmpty @Size(max = MAX_ITEMS)
            List<@Size(min = 1, max = 1024) String> tags)
            implements PurgeTarget {}

    /** Everything of these hosts of the site. */
    record Hosts(
            @JsonPropertyDescription("Hosts of the site.") @NotEmpty @Size(max = MAX_ITEMS)
            List<@Size(min = 1, max = 253) String> hosts)
            implements PurgeTarget {}

    /** The whole site; {@code everything} is always true. */
    record Everything(
            @JsonPropertyDescription("Always true.") boolean everything) implements PurgeTarget {
        public Everything {
            if (!everything) {
                throw new IllegalArgumentException("everything: must be true; leave it out to purge something else");
            }
        }
    }
}
