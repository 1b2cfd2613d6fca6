package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A site document in force.
 *
 * @param incarnation made new when a site is created, so that a deleted and recreated site shares nothing with the old one
 * @param version the site's version number, from 1
 * @param text the document byte for byte as its owner wrote it, YAML or JSON
 * @param staged what nodes of some groups have instead, while it is tried there; null when all have the same
 */
public record SiteEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the site.") @NotEmpty
        String site,

        @JsonPropertyDescription("Identity of this life of the site.") @NotEmpty
        String incarnation,

        @JsonPropertyDescription("Version number.") @Min(1) int version,

        @JsonPropertyDescription("The document as written.") @NotEmpty
        String text,

        @Nullable @JsonPropertyDescription("What some nodes have instead.")
        StagedDocument staged)
        implements Entry {

    /** The same everywhere. */
    public SiteEntry(String account, String site, String incarnation, int version, String text) {
        this(account, site, incarnation, version, text, null);
    }

    /** What a node of these groups has, as if all had it. */
    public SiteEntry at(Collection<String> groups) {
        return staged != null && staged.isFor(groups)
                ? new SiteEntry(account, site, incarnation, staged.version(), staged.text())
                : new SiteEntry(account, site, incarnation, version, text);
    }

    @Override
    public String key() {
        return Keys.site(account, site);
    }
}
