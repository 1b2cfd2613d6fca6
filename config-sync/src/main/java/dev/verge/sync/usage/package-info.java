/**
 * What sites and functions used, counted by nodes and handed to the control plane: closed intervals, numbered within a run of a node's
 * process, so that each counts exactly once.
 *
 * <p>May enter: immutable records, their bounds, and sums of them. Never here: how a node counts, or how sums are stored.
 */
@NullMarked
package dev.verge.sync.usage;

import org.jspecify.annotations.NullMarked;
