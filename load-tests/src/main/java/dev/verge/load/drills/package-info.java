/**
 * Origins that misbehave while a real node is under load: what its clients see, and what they wait longer. Over sockets only; knows
 * the control plane's API and the node's metrics and nothing of the inside.
 */
@NullMarked
package dev.verge.load.drills;

import org.jspecify.annotations.NullMarked;
