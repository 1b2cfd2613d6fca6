package dev.verge.sync.live;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;

/**
 * One run of a function, or one request of a site, for those who watch it.
 *
 * @param function its name, or that of a site with {@code @} before it
 * @param json the record as JSON text, as the node logs it
 */
public record LiveRecord(
        @JsonPropertyDescription("Owner.") @NotEmpty @Size(max = 100)
        String account,

        @JsonPropertyDescription("Name of the function, or @ and that of the site.") @NotEmpty @Size(max = 100)
        String function,

        @JsonPropertyDescription("The record as JSON text.") @Size(max = MAX_JSON)
        String json) {

    /** Longest record in characters; longer ones are dropped and counted. */
    public static final int MAX_JSON = 512 << 10;

    /** How the requests of a site are named in a function's place; no function has such a name. */
    public static String ofSite(String site) {
        return "@" + site;
    }

    /** How a function is named among those that are watched. */
    public static String name(String account, String function) {
        return account + "/" + function;
    }
}
