/**
 * The log over NATS JetStream, for fleets that outgrow direct streams: commits on a JetStream stream, snapshots and blobs in an object
 * store, and everything that concerns one node in a session over two subjects of its own, sealed end to end. The state machine, the
 * signatures and the frames are those of the direct stream.
 */
@NullMarked
package dev.verge.sync.nats;

import org.jspecify.annotations.NullMarked;
