/**
 * Whether two ends hold the same state: what a state comes to in a few bytes, whatever order its entries are read in.
 *
 * <p>Pure sums over entries. Who compares with whom, when, and what is done about a difference is not known here.
 */
@NullMarked
package dev.verge.sync.compare;

import org.jspecify.annotations.NullMarked;
