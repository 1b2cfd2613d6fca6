/**
 * Where in its author's sources a place in a bundled module comes from (ECMA-426, the source map format).
 *
 * <p>May enter: reading maps, which are as untrusted as the code beside them, within bounds; mapping places and the lines of a stack.
 * Never: engines, files, sockets.
 */
@NullMarked
package dev.verge.sandbox.sourcemap;

import org.jspecify.annotations.NullMarked;
