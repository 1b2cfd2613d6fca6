package dev.verge.sync.report;

import java.time.Duration;
import java.util.List;

/**
 * What a node tells of itself. Each report stands for itself: one that is lost is made up for by the next.
 *
 * @param outages origins that it does not use, at most {@link #MAX_OUTAGES}
 * @param omitted how many more there are
 */
public record NodeReport(NodeLoad load, List<OriginOutage> outages, int omitted) {
    /** Nodes report so often, while a control plane asks for it. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    /** Most outages that one report lists: with the longest names they stay within what a live record may hold. */
    public static final int MAX_OUTAGES = 300;

    /** In the place of an account, for what concerns none; no account has such a name. */
    public static final String PLATFORM = "@verge";

    /** What a control plane watches to get reports of this form. A node passes over a name that it does not know. */
    public static final String CHANNEL = "report-1";

    public NodeReport {
        if (outages.size() > MAX_OUTAGES || omitted < 0) {
            throw new IllegalArgumentException("a report lists " + MAX_OUTAGES + " outages at most");
        }
        outages = List.copyOf(outages);
    }
}
