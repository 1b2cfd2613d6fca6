/**
 * What operators see of a node: the access log and the meters.
 *
 * <p>May enter: records of finished work and the writers that carry them out of the process. Never: decisions about a request;
 * blocking an event loop. Log lines are lost, and counted, before a request waits for them.
 */
@NullMarked
package dev.verge.node.observe;

import org.jspecify.annotations.NullMarked;
