/**
 * The values that travel through a node with a request: who sent it, what is answered, what went wrong.
 *
 * <p>May enter: immutable records, the bodies that stream beside them, and pure functions over header fields. Never: sites, rules,
 * caches, origins, or anything that knows the order of the phases.
 */
@NullMarked
package dev.verge.node.exchange;

import org.jspecify.annotations.NullMarked;
