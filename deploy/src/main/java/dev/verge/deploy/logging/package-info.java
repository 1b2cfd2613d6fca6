/**
 * Where log events go: stdout, as text on a terminal and as one JSON object a line otherwise.
 *
 * <p>What may enter: Logback and the environment. Nothing here decides what is logged; that is up to the loggers and to
 * {@code VERGE_LOG}. Writing never holds up the thread that logs.
 */
@NullMarked
package dev.verge.deploy.logging;

import org.jspecify.annotations.NullMarked;
