/**
 * What somebody watches live: records of functions' runs, on their way from the nodes to the control plane. Nothing here is stored.
 *
 * <p>May enter: immutable records and their bounds. Never here: what a record tells.
 */
@NullMarked
package dev.verge.sync.live;

import org.jspecify.annotations.NullMarked;
