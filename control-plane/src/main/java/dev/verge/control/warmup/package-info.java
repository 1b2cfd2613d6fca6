/**
 * Filling the nodes' caches before clients come.
 *
 * <p>May enter: what URLs a warm-up may name, and the sum of what the nodes answered. Never here: how a node fetches.
 */
@NullMarked
package dev.verge.control.warmup;

import org.jspecify.annotations.NullMarked;
