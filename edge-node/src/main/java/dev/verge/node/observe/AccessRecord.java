package dev.verge.node.observe;

import dev.verge.node.exchange.JsonText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One finished request.
 *
 * @param at when its head had arrived
 * @param target path and query as they came
 * @param protocol {@code HTTP/1.1} or {@code HTTP/2}
 * @param status 0 when the client went away before a head was sent
 * @param bytes content bytes handed to the client's connection
 * @param received bytes that the client sent through a tunnel; 0 for all other requests
 * @param micros from {@code at} to the end of the response
 * @param cache word of {@code Cache-Status}: hit, stale, miss, revalidated, bypass, none; or tunnel
 * @param traceId of the trace that its origins and functions saw, or that is recorded; null for none
 * @param error word of the error the node answered with, or of what cut the response short
 * @param tries tries at origins, 0 when none was asked
 */
public record AccessRecord(
        Instant at,
        String requestId,
        String client,
        String method,
        String scheme,
        String host,
        String target,
        String protocol,
        int status,
        long bytes,
        long received,
        long micros,
        String cache,
        @Nullable String account,
        @Nullable String site,
        @Nullable String origin,
        int tries,
        @Nullable String function,
        @Nullable String outcome,
        @Nullable String error,
        @Nullable String traceId,
        @Nullable String userAgent,
        @Nullable String referer)
        implements LogRecord {
    private static final Logger LOG = LoggerFactory.getLogger("dev.verge.access");

    @Override
    public Logger logger() {
        return LOG;
    }

    @Override
    public void json(StringBuilder out) {
        out.append("{\"time\":\"");
        UtcText.append(out, at);
        out.append('"');
        JsonText.member(out, "requestId", requestId);
        JsonText.member(out, "client", client);
        JsonText.member(out, "method", method);
        JsonText.member(out, "scheme", scheme);
        JsonText.member(out, "host", host);
        JsonText.member(out, "target", target);
        JsonText.member(out, "protocol", protocol);
        out.append(",\"status\":").append(status).append(",\"bytes\":").append(bytes);
        if (received > 0) {
            out.append(",\"received\":").append(received);
        }
        out.append(",\"micros\":").append(micros);
        JsonText.member(out, "cache", cache);
        JsonText.member(out, "account", account);
        JsonText.member(out, "site", site);
        JsonText.member(out, "origin", origin);
        if (tries > 0) {
            out.append(",\"tries\":").append(tries);
        }
        JsonText.member(out, "function", function);
        JsonText.member(out, "outcome", outcome);
        JsonText.member(out, "error", error);
        JsonText.member(out, "traceId", traceId);
        JsonText.member(out, "userAgent", userAgent);
        JsonText.member(out, "referer", referer);
        out.append('}');
    }

    @Override
    public String combined() {
        return CombinedLine.of(this);
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder(160);
        out.append(status)
                .append(' ')
                .append(method)
                .append(' ')
                .append(scheme)
                .append("://")
                .append(host);
        int start = out.length();
        JsonText.append(out, target);
        if (out.length() - start > 300) {
            out.setLength(start + 300);
            out.append('…');
        }
        out.append(' ').append(cache).append(' ').append(bytes).append("B ");
        out.append(micros / 1000)
                .append('.')
                .append(micros / 100 % 10)
                .append("ms ")
                .append(client);
        if (origin != null) {
            out.append(" origin=").append(origin);
        }
        if (function != null) {
            out.append(" function=").append(function);
        }
        if (outcome != null) {
            out.append(" outcome=").append(outcome);
        }
        if (error != null) {
            out.append(" error=").append(error);
        }
        return out.append(" id=").append(requestId).toString();
    }
}
