/**
 * Certificates that a node serves with.
 *
 * <p>May enter: making, keeping and choosing certificates. Never: sockets.
 */
@NullMarked
package dev.verge.node.tls;

import org.jspecify.annotations.NullMarked;
