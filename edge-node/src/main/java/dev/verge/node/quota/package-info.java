/**
 * What accounts may use of this node.
 *
 * <p>May enter: quotas and the numbers that they are held against. Never here: requests, and how they are answered.
 */
@NullMarked
package dev.verge.node.quota;

import org.jspecify.annotations.NullMarked;
