package dev.verge.control.resource;

import dev.verge.sync.order.SiteWarmup;
import java.util.List;

/**
 * What came of a warm-up.
 *
 * @param urls as they were asked for
 * @param nodes what each live node that serves the site answered, by name
 */
public record WarmupReport(List<String> urls, List<NodeWarmup> nodes) {

    /**
     * One node.
     *
     * @param reason why it has no results; empty when it has
     * @param results one for each URL, in their order
     */
    public record NodeWarmup(String node, String reason, List<SiteWarmup.WarmupResult> results) {}
}
