/**
 * The {@code pools} block of a site document, each setting declared once: name, type, range, default, description.
 *
 * <p>Only records and enums that describe what an operator wrote may enter. Relations between fields are checked in the
 * compact constructors. Nothing here keeps state, reads a clock or opens a socket.
 */
@NullMarked
package dev.verge.balancer.options;

import org.jspecify.annotations.NullMarked;
