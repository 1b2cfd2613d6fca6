/**
 * Purges: ordered over the API, carried by the log, answered for by each node.
 *
 * <p>May enter: what is checked of an order, and how far it has come. Never here: what a node removes.
 */
@NullMarked
package dev.verge.control.purge;

import org.jspecify.annotations.NullMarked;
