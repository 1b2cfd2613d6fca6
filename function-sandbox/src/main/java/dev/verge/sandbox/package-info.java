/**
 * The door to functions: what a node or a control plane needs to run or check untrusted JavaScript with limits.
 *
 * <p>May enter: records that describe a function, a call and its result, and {@link dev.verge.sandbox.FunctionRuntime}.
 * Never here: script engines (they live in host processes), HTTP servers, caching.
 */
@NullMarked
package dev.verge.sandbox;

import org.jspecify.annotations.NullMarked;
