/**
 * Messages of HTTP/1.1 as bytes, for either side of the node: heads, field names, chunks.
 *
 * <p>May enter: how something is written (RFC 9112). Never: connections, or what a message means.
 */
@NullMarked
package dev.verge.node.wire;

import org.jspecify.annotations.NullMarked;
