/**
 * Control planes that share one store: who is alive, which of them each node's stream ends at, and what one asks of another's nodes.
 *
 * <p>May enter: whatever must hold over several control planes. They speak through the database alone, by signals and by rows of the
 * table {@code relay}, so there are no addresses to configure and nobody else to trust. Never here: what a message is about; orders and
 * records are the sync server's.
 *
 * <p>Threads: a listener of its own, one virtual thread that sends; nothing here blocks an event loop.
 */
@NullMarked
package dev.verge.control.replica;

import org.jspecify.annotations.NullMarked;
