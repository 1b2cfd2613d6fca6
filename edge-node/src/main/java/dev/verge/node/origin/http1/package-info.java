/**
 * HTTP/1.1 as it is spoken with origins: the bytes of requests, the one reading of answers, and the connection that carries one exchange
 * after the other.
 *
 * <p>May enter: framing, and what is an error in it. Never: time limits, what an answer means, and who gets the connection next.
 */
@NullMarked
package dev.verge.node.origin.http1;

import org.jspecify.annotations.NullMarked;
