/**
 * The key-value namespaces that functions read: a copy in memory of what the configuration log says, longer values as blobs on disk.
 *
 * <p>May enter: taking the log's entries in, and reading. Never: changing a value here; a change goes to the control plane and comes back
 * by the log.
 */
@NullMarked
package dev.verge.node.kv;

import org.jspecify.annotations.NullMarked;
