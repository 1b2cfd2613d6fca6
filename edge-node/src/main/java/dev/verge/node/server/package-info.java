/**
 * The edge ports: listening, TLS, bounds on connections, and turning what arrives into requests for the pipeline.
 *
 * <p>May enter: sockets, protocols, connection bounds. Never: sites, rules, caches; a request leaves here as a plain value and comes
 * back as a response to write. Each listener lives on one event loop.
 */
@NullMarked
package dev.verge.node.server;

import org.jspecify.annotations.NullMarked;
