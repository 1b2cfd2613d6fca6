/**
 * Certificates of sites that say {@code tls.certificate: auto}, had from a certificate authority by ACME (RFC 8555) and renewed in time.
 *
 * <p>May enter: when an order is due, what is asked of the authority, and what its answer changes. Never here: how a node answers the
 * authority's question, or what a certificate must be to be served.
 */
@NullMarked
package dev.verge.control.acme;

import org.jspecify.annotations.NullMarked;
