package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The origins of a site, and how they stand at each of its nodes.
 *
 * @param origins in the order of the document
 */
public record SiteOrigins(String site, List<OriginView> origins) {

    /**
     * An origin.
     *
     * @param origin its URL
     * @param role {@code primary} or {@code backup}
     * @param probed whether active checks ask it
     * @param nodes the site's nodes
     */
    public record OriginView(
            String pool, String origin, String role, int weight, boolean probed, List<OriginAtNode> nodes) {}

    /**
     * An origin as one node sees it.
     *
     * @param since when it went out of use; null unless it is
     * @param reason what was wrong with the last probe; null unless it is down
     */
    public record OriginAtNode(
            String node,
            OriginHealth state,
            @Nullable Instant since,
            @Nullable String reason) {}
}
