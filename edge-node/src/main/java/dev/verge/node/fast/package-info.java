/**
 * The short way of plain hits: answered right behind the decoder of HTTP/1.1, or as soon as a head of HTTP/2 is read, out of buffers that are made once a second, with the
 * same bytes, records and counters as on the whole path of a request. Whatever is not surely plain goes on untouched.
 */
@NullMarked
package dev.verge.node.fast;

import org.jspecify.annotations.NullMarked;
