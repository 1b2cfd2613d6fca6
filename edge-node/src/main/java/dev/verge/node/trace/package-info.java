/**
 * Traces: which trace a request belongs to (W3C Trace Context), which requests are recorded, and the way of their spans to a
 * collector (OTLP over HTTP).
 *
 * <p>May enter: identities of traces, spans and what carries them out of the process. Never: decisions about a request; waiting on an
 * event loop. Spans are lost, and counted, before a request waits for them. A request that is not recorded costs a comparison.
 */
@NullMarked
package dev.verge.node.trace;

import org.jspecify.annotations.NullMarked;
