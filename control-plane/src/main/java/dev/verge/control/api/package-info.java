/**
 * The API's own mechanics: declared routes, the life of a call from socket to answer, problems, pages, OpenAPI.
 *
 * <p>May enter: what holds for every resource alike (who calls, may they, how much may they send, how an error looks). Never here: a
 * rule about one resource; each feature's package declares its routes and handles them.
 *
 * <p>Threads: the socket's side runs on event loops; a call's handler runs on a virtual thread of its own and may block.
 */
@NullMarked
package dev.verge.control.api;

import org.jspecify.annotations.NullMarked;
