/**
 * Time limits of everything on one event loop, looked at together.
 *
 * <p>May enter: who is looked at, and how often. Never: what a limit is for.
 */
@NullMarked
package dev.verge.node.server.watch;

import org.jspecify.annotations.NullMarked;
