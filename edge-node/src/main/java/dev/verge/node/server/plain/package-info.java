/**
 * Requests without content over HTTP/1.1, which are most of them, answered without the server library: one at a time on a connection, read
 * by whoever stands behind its decoder, and written as bytes.
 *
 * <p>May enter: how such a response is written, back-pressure, the end of either side. Never: what is answered.
 */
@NullMarked
package dev.verge.node.server.plain;

import org.jspecify.annotations.NullMarked;
