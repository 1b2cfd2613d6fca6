/**
 * Orders that the control plane gives to nodes, runs of a function above all: which node, and what came of it.
 *
 * <p>May enter: the choice of a node, direct calls over the API. Never here: when a schedule is due, or how a node runs a function.
 */
@NullMarked
package dev.verge.control.run;

import org.jspecify.annotations.NullMarked;
