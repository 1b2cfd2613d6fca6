/**
 * How a node follows the log, as a pure state machine: events in, effects out.
 *
 * <p>No clock, thread, file or socket may enter: who runs {@link dev.verge.sync.core.SyncCore} carries out the effects and reports
 * back with events. What must always hold is asserted in the running code, not only in tests.
 */
@NullMarked
package dev.verge.sync.core;

import org.jspecify.annotations.NullMarked;
