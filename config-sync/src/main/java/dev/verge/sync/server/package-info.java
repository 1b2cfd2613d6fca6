/**
 * The control plane's end: one stream for each node, fed from a {@link dev.verge.sync.server.LogSource}.
 *
 * <p>Keeps no state of its own but who is connected and what each node answered. What is in the log, how it is stored and who may
 * write it is the source's business; who is a node says a {@link dev.verge.sync.server.NodeAuthenticator}.
 */
@NullMarked
package dev.verge.sync.server;

import org.jspecify.annotations.NullMarked;
