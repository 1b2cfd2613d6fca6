package dev.verge.control.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a document has come.
 *
 * @param revision the log position of its last change
 * @param nodes one line for each known node, by name
 * @param certificate of a site with {@code tls.certificate: auto}; null for everything else
 */
public record Status(
        long revision, List<NodeStanding> nodes, @Nullable AutoCertificate certificate) {

    /** Without a certificate of its own making. */
    public Status(long revision, List<NodeStanding> nodes) {
        this(revision, nodes, null);
    }

    /** The same with a certificate. */
    public Status with(@Nullable AutoCertificate itsCertificate) {
        return new Status(revision, nodes, itsCertificate);
    }
}
