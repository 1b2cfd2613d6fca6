/**
 * The log of everything that nodes must know, on SQL: appended in the transaction of the change it tells, read by the sync server.
 *
 * <p>May enter: revisions, reading on from one, snapshots, compaction. Never here: what an entry means to a site or a node.
 */
@NullMarked
package dev.verge.control.log;

import org.jspecify.annotations.NullMarked;
