/** Hit ratios of the policies of both tiers on recorded accesses, between plain LRU and the clairvoyant optimum. */
@NullMarked
package dev.verge.load.jmh.traces;

import org.jspecify.annotations.NullMarked;
