/**
 * TypeScript by leaving out its types: a kept stripper (sucrase), run as a function like any other, behind the walls and within the
 * limits of a function host, because it reads what anybody may push.
 *
 * <p>May enter: how modules of a bundle are named, what is asked of the compiler and what its answers mean. Never: engines, processes,
 * sockets: whoever compiles hands over a way to call the function.
 */
@NullMarked
package dev.verge.sandbox.typescript;

import org.jspecify.annotations.NullMarked;
