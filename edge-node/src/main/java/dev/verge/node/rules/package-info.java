/**
 * A site's rules: compiled once from its document, then evaluated without I/O for each request (which behaviours apply, what the
 * origin will be asked) and for each response.
 *
 * <p>Enters: facts about a request. Leaves: a plan that the pipeline carries out. Never here: sockets, the cache, the clock (the
 * rate limiter is told the time).
 */
@NullMarked
package dev.verge.node.rules;

import org.jspecify.annotations.NullMarked;
