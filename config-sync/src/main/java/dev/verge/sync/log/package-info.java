/**
 * The replicated log: what a revision carries, the keys, and the typed entries behind them.
 *
 * <p>Pure data and its JSON form. Nothing here reads a socket, a disk or a clock; who appends, transports or applies entries is
 * none of this package's business.
 */
@NullMarked
package dev.verge.sync.log;

import org.jspecify.annotations.NullMarked;
