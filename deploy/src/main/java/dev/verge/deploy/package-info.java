/**
 * The {@code verge} program: its entry point. The commands are in {@code command}, the runner of a whole platform in
 * {@code supervisor}, the demo origins in {@code demo}, log output in {@code logging}, what the build trains its start-up caches by in {@code training}.
 *
 * <p>This module puts the others together; nothing depends on it. It holds no rule about serving, caching, balancing or
 * storing.
 */
@NullMarked
package dev.verge.deploy;

import org.jspecify.annotations.NullMarked;
