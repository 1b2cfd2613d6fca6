/**
 * What a client may do on an HTTP/2 connection beyond what the codec checks (RFC 9113): a guard in front of it that reads frame heads.
 *
 * <p>May enter: frame types, stream numbers, how much is asked of the node for nothing. Never: content, fields, sites.
 */
@NullMarked
package dev.verge.node.server.http2;

import org.jspecify.annotations.NullMarked;
