/**
 * The language between a node and its function hosts: frames with a length, a type and the number of a call.
 *
 * <p>May enter: writing, splitting and reading frames, and the bounds both ends hold each other to. Never here: sockets, engines.
 */
@NullMarked
package dev.verge.sandbox.wire;

import org.jspecify.annotations.NullMarked;
