/**
 * The documents that owners write: sites with their rules, and the metadata of functions.
 *
 * <p>Each record is one block of the document; pools, cache policy and function limits come from the libraries that act on them.
 * What is here is immutable and ready to be used at request time: patterns, templates and address ranges are parsed once. Nothing
 * here serves a request, reads a clock or opens a socket.
 */
@NullMarked
package dev.verge.sync.document;

import org.jspecify.annotations.NullMarked;
