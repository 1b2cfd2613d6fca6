/**
 * What the two ends of a sync stream ask of each other beside the log: the control plane orders one node to run a function now, a node
 * hands the control plane a function's change of a key-value namespace.
 *
 * <p>May enter: immutable questions and answers, and their bounds. Nothing here is stored: who needs an order done again gives it again.
 */
@NullMarked
package dev.verge.sync.order;

import org.jspecify.annotations.NullMarked;
