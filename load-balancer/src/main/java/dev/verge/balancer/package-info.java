/**
 * The running pools: {@link dev.verge.balancer.UpstreamPools} holds them across config updates,
 * {@link dev.verge.balancer.UpstreamPool} picks an origin for each try, {@link dev.verge.balancer.Lease} reports how the
 * try ended.
 *
 * <p>A thin shell around the pure decisions in {@code choice}, {@code health} and {@code retry}: it holds counters, probes
 * and meters. It never opens connections for traffic, never reads bodies, and knows nothing of caching or sites.
 */
@NullMarked
package dev.verge.balancer;

import org.jspecify.annotations.NullMarked;
