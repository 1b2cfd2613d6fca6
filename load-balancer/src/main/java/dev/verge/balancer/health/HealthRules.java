package dev.verge.balancer.health;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.Outlier;
import org.jspecify.annotations.Nullable;

/**
 * The options that health depends on.
 *
 * @param check null: no active checks, so no origin is ever down by them
 */
public record HealthRules(@Nullable HealthCheck check, Outlier outlier) {}
