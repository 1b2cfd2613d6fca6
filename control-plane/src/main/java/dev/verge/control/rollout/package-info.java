/**
 * What rollouts of functions and of sites share.
 *
 * <p>May enter: how the nodes stand to what only some of them have yet. Never: what is rolled out, and its tables.
 */
@NullMarked
package dev.verge.control.rollout;

import org.jspecify.annotations.NullMarked;
