/**
 * Functions: their code and metadata, versions, deployments, vars, and the check of code before it is kept.
 *
 * <p>May enter: what becomes of a pushed function until it stands in the log. Never here: running one for a request, or its code in this
 * process: code is parsed only in a function host that is locked down and ended afterwards.
 */
@NullMarked
package dev.verge.control.function;

import org.jspecify.annotations.NullMarked;
