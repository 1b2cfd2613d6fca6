/**
 * The node's end: boots host processes, gives them out to accounts, carries calls to them over their sockets, and kills them when they
 * overstay.
 *
 * <p>May enter: Vert.x sockets and streams, processes. Never here: script engines; trust in what a host sends.
 */
@NullMarked
package dev.verge.sandbox.process;

import org.jspecify.annotations.NullMarked;
