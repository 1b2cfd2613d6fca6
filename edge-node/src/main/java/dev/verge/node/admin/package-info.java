/**
 * The node's own small HTTP server for operators and probes.
 *
 * <p>May enter: read-only views of the node, and the one order it takes (drain). Never: anything that a client of a site could
 * reach; it listens on loopback, and on the separate probe port with probes only.
 */
@NullMarked
package dev.verge.node.admin;

import org.jspecify.annotations.NullMarked;
