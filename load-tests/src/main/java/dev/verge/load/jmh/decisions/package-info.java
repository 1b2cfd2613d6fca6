/**
 * Microbenchmarks (JMH) of what a node decides for a request beside the cache: its site, what the rules say, the origin, and the frames
 * to a function host. The one package of this module that may use the node's own classes, of them the routing and the rules.
 */
@NullMarked
package dev.verge.load.jmh.decisions;

import org.jspecify.annotations.NullMarked;
