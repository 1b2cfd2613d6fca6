/**
 * The cache of an edge node. {@code http} is the vocabulary, {@code options} what a site says, {@code decision} the rules of RFC
 * 9111 as pure functions, {@code serve} what a client gets from a stored response, {@code store} the two tiers and purging,
 * {@code collapse} one fetch for many. Nothing here knows sockets, Vert.x or sites.
 */
@NullMarked
package dev.verge.cache;

import org.jspecify.annotations.NullMarked;
