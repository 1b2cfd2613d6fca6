package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;

/**
 * Removes cached responses of one site. An event: every node applies each one once, however late.
 *
 * @param incarnation the life of the site that it is meant for
 * @param soft mark stale instead of removing
 */
public record PurgeEntry(
        @JsonPropertyDescription("Identity of the purge.") @NotEmpty
        String id,

        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the site.") @NotEmpty
        String site,

        @JsonPropertyDescription("Identity of this life of the site.") @NotEmpty
        String incarnation,

        @JsonPropertyDescription("What to purge.") PurgeTarget target,

        @JsonPropertyDescription("Mark stale instead of removing.")
        boolean soft)
        implements Entry {

    @Override
    public String key() {
        return Keys.purge(id);
    }
}
