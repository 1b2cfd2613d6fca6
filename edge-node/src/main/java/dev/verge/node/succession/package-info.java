/**
 * How a new process takes over from the one that runs: over a socket in the data folder, where each proves by its user that it may.
 *
 * <p>May enter: the conversation of the two, and the sockets that go from one to the other. Never: how a node is built or ended,
 * which {@link dev.verge.node.succession.Incumbent} stands for.
 */
@NullMarked
package dev.verge.node.succession;

import org.jspecify.annotations.NullMarked;
