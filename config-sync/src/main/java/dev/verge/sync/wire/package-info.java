/**
 * The frames of a sync stream: one JSON object in each WebSocket text message, its one key saying what it is.
 *
 * <p>Only their form stands here; what is done with them is said in {@code client} and {@code server}.
 */
@NullMarked
package dev.verge.sync.wire;

import org.jspecify.annotations.NullMarked;
