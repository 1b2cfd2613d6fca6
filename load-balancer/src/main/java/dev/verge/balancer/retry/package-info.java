/**
 * Whether a failed try is made again: {@link dev.verge.balancer.retry.RetryDecision} decides,
 * {@link dev.verge.balancer.retry.RetryBudget} counts what is affordable.
 *
 * <p>The decision is pure. Nothing here picks an origin or waits.
 */
@NullMarked
package dev.verge.balancer.retry;

import org.jspecify.annotations.NullMarked;
