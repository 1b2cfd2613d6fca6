/**
 * The keys that nodes rely on: those that commits are signed with, one vouching for the next, and those that secrets are sealed under on
 * their way to the nodes. At rest they are sealed under the installation's key; every control plane of a store uses the same.
 *
 * <p>May enter: making, announcing and retiring such keys. Never here: which node has which keys of its own.
 */
@NullMarked
package dev.verge.control.signing;

import org.jspecify.annotations.NullMarked;
