/**
 * Nodes: their tokens, what they last answered, drain orders, and how a change stands with each of them.
 *
 * <p>May enter: everything the operator sees of a node. Never here: what a node does with an entry, or the stream itself.
 */
@NullMarked
package dev.verge.control.node;

import org.jspecify.annotations.NullMarked;
