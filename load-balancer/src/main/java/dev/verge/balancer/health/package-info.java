/**
 * Whether an origin is fit to serve: {@link dev.verge.balancer.health.HealthState} for one origin,
 * {@link dev.verge.balancer.health.PoolHealth} for the rules that concern all of them, and the prober that asks.
 *
 * <p>States are immutable and change only through {@code next(event, now)}; the prober is the only class with I/O. Nothing
 * here chooses an origin.
 */
@NullMarked
package dev.verge.balancer.health;

import org.jspecify.annotations.NullMarked;
