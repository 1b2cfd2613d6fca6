/**
 * The HTTP vocabulary that decisions are written in: field lists, request and response heads, dates, list syntax.
 *
 * <p>May enter: immutable values and exact parsing of RFC 9110 syntax. Never: sockets, buffers of a connection, cache rules.
 */
@NullMarked
package dev.verge.cache.http;

import org.jspecify.annotations.NullMarked;
