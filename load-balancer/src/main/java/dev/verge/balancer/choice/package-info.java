/**
 * Which of several usable origins serves: one small file for each method behind {@link dev.verge.balancer.choice.Selector}.
 *
 * <p>Pure: an immutable {@link dev.verge.balancer.choice.Snapshot}, the load as numbers, the request's key and a random
 * source go in, an index comes out. No clock, no socket, no state of its own.
 */
@NullMarked
package dev.verge.balancer.choice;

import org.jspecify.annotations.NullMarked;
