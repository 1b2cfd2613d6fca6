/**
 * The host process: the one place where untrusted JavaScript runs. Its only door is the socket it is started with.
 *
 * <p>Threads: one reads the socket, one writes it, one watches the limits, and each context has one of its own, its owner,
 * which alone touches the context and everything in it; others post turns to the owner's mailbox. Closing a context interrupts its
 * owner, so owners never touch the socket.
 *
 * <p>May enter: the script engine, the web API over few primitives. Never here: files, network, other processes, secrets in
 * arguments or environment, Vert.x.
 */
@NullMarked
package dev.verge.sandbox.host;

import org.jspecify.annotations.NullMarked;
