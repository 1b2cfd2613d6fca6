/**
 * The URL Standard (WHATWG, https://url.spec.whatwg.org/): parsing, serialising, and the setters of its API. Pure functions on strings.
 *
 * <p>In Java rather than in the bootstrap script, because a context then has nothing to evaluate for it, and because the engine's
 * own ICU knows the international domain names. Never here: sockets, name resolution.
 */
@NullMarked
package dev.verge.sandbox.url;

import org.jspecify.annotations.NullMarked;
