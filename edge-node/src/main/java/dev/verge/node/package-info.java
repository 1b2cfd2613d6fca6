/**
 * The edge node: terminates HTTP, walks each request through its phases, follows the configuration log and lets itself be observed.
 *
 * <p>May enter: the entry point {@link dev.verge.node.EdgeNode}, which wires the rooms below it together and owns their lifetimes.
 * Never: a rule of HTTP, caching or balancing; those live in the rooms and the libraries.
 */
@NullMarked
package dev.verge.node;

import org.jspecify.annotations.NullMarked;
