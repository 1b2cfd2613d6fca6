/**
 * The short way of plain hits over HTTP/1.1: answered right behind the decoder, out of buffers that are made once a second, with the
 * same bytes, records and counters as on the whole path of a request. Whatever is not surely plain goes on untouched.
 */
@NullMarked
package dev.verge.node.fast;

import org.jspecify.annotations.NullMarked;
