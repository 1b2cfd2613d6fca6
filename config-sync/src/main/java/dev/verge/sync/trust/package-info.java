/**
 * What nodes believe: commits and snapshots as the control plane signs them, the keys that it signs with and how one vouches for the next,
 * and the proofs by which a node and a control plane show each other who they are.
 *
 * <p>Pure decisions over keys and messages. Never here: sockets, files, and where a private key is kept.
 */
@NullMarked
package dev.verge.sync.trust;

import org.jspecify.annotations.NullMarked;
