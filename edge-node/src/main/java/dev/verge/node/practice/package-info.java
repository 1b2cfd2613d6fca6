/**
 * Clients that ask a node in every usual way, so that its code is compiled before somebody else asks: those of a start ({@code Practice}),
 * and those of the build, from which start-up caches learn (JEP 515).
 *
 * <p>May enter: what asks, over plain sockets, with as little work of its own as can be. Never: what is right or wrong about an answer.
 */
@NullMarked
package dev.verge.node.practice;

import org.jspecify.annotations.NullMarked;
