/**
 * The console: its pages as they are served, and the sessions that it works with.
 *
 * <p>May enter: what a browser gets from the control plane's root. Never here: what the pages show, which comes from the API alone.
 */
@NullMarked
package dev.verge.control.console;

import org.jspecify.annotations.NullMarked;
