package dev.verge.control.client;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * What a function answered to a direct call.
 *
 * @param status of its response
 * @param headers fields of the answer, the control plane's own included
 * @param body of its response
 * @param outcome how the run ended, {@code ok} or what went wrong
 * @param node that ran it
 * @param version that ran
 */
public record Invoked(
        int status,
        List<Map.Entry<String, String>> headers,
        Buffer body,
        String outcome,
        String node,
        String version) {}
