/** Drives a real control plane over its socket. */
@NullMarked
package dev.verge.control;

import org.jspecify.annotations.NullMarked;
