/**
 * One origin fetch for many waiting requests.
 *
 * <p>May enter: lookups, and how a fetch ended. Never: fetching, bodies, rules of HTTP.
 */
@NullMarked
package dev.verge.cache.collapse;

import org.jspecify.annotations.NullMarked;
