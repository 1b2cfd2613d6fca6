/**
 * The way to the origins: which addresses may be reached, which connections are kept, what a request carries besides the client's own
 * fields, how strictly an answer is read, and one try over one connection.
 *
 * <p>May enter: resolution and its checks, field making, opening and keeping connections with their time-outs. Never: which origin is chosen or
 * whether a try is made again (the balancer says), and nothing about caching. Everything here lives on the event loop it was
 * made for, except the address checks, which are shared and thread-safe.
 */
@NullMarked
package dev.verge.node.origin;

import org.jspecify.annotations.NullMarked;
