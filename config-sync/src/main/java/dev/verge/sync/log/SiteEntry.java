package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;

/**
 * A site document in force.
 *
 * @param incarnation made new when a site is created, so that a deleted and recreated site shares nothing with the old one
 * @param version the site's version number, from 1
 * @param text the document byte for byte as its owner wrote it, YAML or JSON
 */
public record SiteEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the site.") @NotEmpty
        String site,

        @JsonPropertyDescription("Identity of this life of the site.") @NotEmpty
        String incarnation,

        @JsonPropertyDescription("Version number.") @Min(1) int version,

        @JsonPropertyDescription("The document as written.") @NotEmpty
        String text)
        implements Entry {

    @Override
    public String key() {
        return Keys.site(account, site);
    }
}
