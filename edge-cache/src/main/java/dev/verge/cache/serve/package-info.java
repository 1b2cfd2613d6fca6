/**
 * What a client gets from a stored response: whole, a part, 304, and the fields that describe how the cache handled it.
 *
 * <p>May enter: a request, a stored response, the site's options. Never: bodies, connections, time other than as an argument.
 */
@NullMarked
package dev.verge.cache.serve;

import org.jspecify.annotations.NullMarked;
