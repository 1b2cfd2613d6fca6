/**
 * The subcommands of {@code verge}, one class each: what they take, what they print, how they end.
 *
 * <p>What may enter: picocli, the control plane's API client, and the entry points of what can be run. A command decides
 * nothing that the control plane or a node should decide; it asks, shows and waits. Exit codes: 0 done, 1 failed (a refused
 * document included), 2 wrong usage or an unreadable file.
 */
@NullMarked
package dev.verge.deploy.command;

import org.jspecify.annotations.NullMarked;
