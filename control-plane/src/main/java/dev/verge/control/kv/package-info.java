/**
 * Key-value namespaces of functions: written here, read by functions on every node.
 *
 * <p>May enter: what may be stored, how much and how fast, and how it gets into the log. Never here: how a node keeps it for its
 * functions.
 */
@NullMarked
package dev.verge.control.kv;

import org.jspecify.annotations.NullMarked;
