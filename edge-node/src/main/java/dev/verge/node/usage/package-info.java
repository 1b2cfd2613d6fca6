/**
 * What sites and functions use of this node: counted on the request path, closed every second, kept on disk until the control plane has
 * it.
 *
 * <p>May enter: counters, intervals and their files. Never here: what a request is, what is billed for it.
 */
@NullMarked
package dev.verge.node.usage;

import org.jspecify.annotations.NullMarked;
