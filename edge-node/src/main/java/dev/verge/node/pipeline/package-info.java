/**
 * The path of a request. {@link dev.verge.node.pipeline.RequestPipeline} reads as the list of phases; each phase is a small class with
 * one method that goes on, answers, or fails.
 *
 * <p>May enter: the order of work, and the handing over between rules, cache, balancer, origins and functions. Never: the rules of
 * those; nothing here blocks. A pipeline lives on one event loop; what it shares with others (cache, pools, routing, function
 * runtime) is thread-safe.
 */
@NullMarked
package dev.verge.node.pipeline;

import org.jspecify.annotations.NullMarked;
