/**
 * Secrets at rest: the installation's key, values sealed under it, and log entries that carry them.
 *
 * <p>May enter: how a value is sealed and opened again for the nodes. Never here: an answer of the API that holds a value.
 */
@NullMarked
package dev.verge.control.secret;

import org.jspecify.annotations.NullMarked;
