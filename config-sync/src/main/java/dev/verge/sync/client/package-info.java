/**
 * The node's end: follows the log over a WebSocket, keeps the last good state and the blobs on disk, and hands changes to the node.
 *
 * <p>The decisions are those of {@link dev.verge.sync.core.SyncCore}; here are its connection, its disk and its timers. What a
 * change means to a node, and how it serves, is the {@link dev.verge.sync.client.Applier}'s business.
 */
@NullMarked
package dev.verge.sync.client;

import org.jspecify.annotations.NullMarked;
