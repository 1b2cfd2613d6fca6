/**
 * Kill drills: a stream of changes while control planes, their database and nodes are killed, and what is left of it afterwards.
 *
 * <p>May enter: clients of the built distribution and the processes of it that a drill kills. Never here: its classes.
 */
@NullMarked
package dev.verge.load.kills;

import org.jspecify.annotations.NullMarked;
