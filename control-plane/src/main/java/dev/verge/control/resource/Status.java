package dev.verge.control.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a document has come.
 *
 * @param revision the log position of its last change
 * @param nodes one line for each known node, by name
 * @param certificate of a site with {@code tls.certificate: auto}; null for everything else
 * @param rollout the last document of a site that went to some nodes first; null when there was none, and for everything else
 */
public record Status(
        long revision,
        List<NodeStanding> nodes,
        @Nullable AutoCertificate certificate,
        @Nullable SiteRollout rollout) {

    /** With nothing that only sites have. */
    public Status(long revision, List<NodeStanding> nodes) {
        this(revision, nodes, null, null);
    }

    /** The same of a site. */
    public Status ofSite(@Nullable AutoCertificate itsCertificate, @Nullable SiteRollout itsRollout) {
        return new Status(revision, nodes, itsCertificate, itsRollout);
    }
}
