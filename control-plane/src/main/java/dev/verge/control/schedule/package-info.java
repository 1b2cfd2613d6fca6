/**
 * Schedules of functions: when each is due, the claim of each due minute, and the record of what came of it.
 *
 * <p>May enter: cron expressions, the clock, the rows of runs. Never here: how a run reaches a node.
 */
@NullMarked
package dev.verge.control.schedule;

import org.jspecify.annotations.NullMarked;
