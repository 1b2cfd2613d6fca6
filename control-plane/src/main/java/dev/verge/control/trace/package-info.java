/**
 * What a node would do with a request, over the API.
 *
 * <p>May enter: the call and its answer. Never here: the rules themselves; a node answers.
 */
@NullMarked
package dev.verge.control.trace;

import org.jspecify.annotations.NullMarked;
