package dev.verge.node.exchange;

import dev.verge.node.exchange.EdgeError.Denied;
import dev.verge.node.exchange.EdgeError.FunctionFailed;
import dev.verge.node.exchange.EdgeError.Internal;
import dev.verge.node.exchange.EdgeError.Malformed;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeError.OverQuota;
import dev.verge.node.exchange.EdgeError.Overloaded;
import dev.verge.node.exchange.EdgeError.RateLimited;
import dev.verge.node.exchange.EdgeError.Refused;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EdgeError} looks like from outside.
 *
 * @param status status code for the client
 * @param word the error in one word, for metrics and logs
 * @param title short sentence for the client; holds nothing of the inside
 * @param proxyError error type for {@code Proxy-Status} (RFC 9209 §2.3), or null when the node had no response to get
 * @param retryAfterSeconds value of {@code Retry-After}, 0 for none
 * @param closes whether the client's connection cannot be used again
 */
public record ErrorAnswer(
        int status, String word, String title, @Nullable String proxyError, long retryAfterSeconds, boolean closes) {

    /** The one mapping from error to answer. */
    public static ErrorAnswer of(EdgeError error) {
        return switch (error) {
            case Malformed malformed -> closing(400, "malformed", "The request cannot be read: " + malformed.rule());
            case Refused refused -> refused(refused);
            case OriginFailure failure -> origin(failure);
            case Denied denied -> plain(denied.status(), "denied", "This request is not allowed.");
            case RateLimited limited ->
                new ErrorAnswer(
                        429,
                        "rate-limited",
                        "Too many requests. Please try again in a moment.",
                        null,
                        seconds(limited.retryAfter()),
                        false);
            case OverQuota over ->
                new ErrorAnswer(
                        429,
                        "quota-" + over.quota(),
                        "This site has used up what it may use for now. Please try again in a moment.",
                        null,
                        seconds(over.retryAfter()),
                        false);
            case Overloaded overloaded ->
                new ErrorAnswer(
                        503,
                        "overloaded-" + overloaded.what(),
                        "The service is busy. Please try again in a moment.",
                        overloaded.ofOrigins() ? "connection_limit_reached" : "proxy_internal_response",
                        seconds(overloaded.retryAfter()),
                        false);
            case FunctionFailed failed ->
                failed.overLimit()
                        ? new ErrorAnswer(
                                503, "function-" + failed.outcome(), "The function did not finish.", null, 1, false)
                        : plain(500, "function-" + failed.outcome(), "The function failed.");
            case Internal internal ->
                new ErrorAnswer(500, "internal", "Something went wrong on our side.", "proxy_internal_error", 0, false);
        };
    }

    private static long seconds(Duration wait) {
        return Math.max(1, Math.ceilDiv(wait.toMillis(), 1000));
    }

    private static ErrorAnswer refused(Refused refused) {
        return switch (refused) {
            case UNKNOWN_HOST -> plain(421, "unknown-host", "No site with this host name is served here.");
            case MISDIRECTED ->
                plain(421, "misdirected", "This connection was made for another host; open one for this host.");
            case CLIENT_CERTIFICATE -> plain(403, "client-certificate", "This site needs a client certificate.");
            case LOOP ->
                new ErrorAnswer(
                        508, "loop", "The request came back to where it had been.", "proxy_loop_detected", 0, false);
            case METHOD -> closing(405, "method", "This method is not served here.");
            case REQUEST_TIMEOUT -> closing(408, "request-timeout", "The request took too long to arrive.");
            case BODY_TOO_LARGE -> closing(413, "body-too-large", "The request's content is too large.");
            case URI_TOO_LONG -> closing(414, "uri-too-long", "The request's address is too long.");
            case FIELDS_TOO_LARGE -> closing(431, "fields-too-large", "The request's header fields are too large.");
            case METHOD_UNKNOWN -> closing(501, "method-unknown", "This method is not known here.");
            case VERSION -> closing(505, "version", "This version of HTTP is not spoken here.");
            case CODING -> closing(501, "coding", "The request's transfer coding is not known here.");
            case EXPECTATION -> closing(417, "expectation", "What the request expects cannot be promised.");
            case UPGRADE -> closing(501, "upgrade", "Only HTTP is spoken here.");
            case FORBIDDEN -> plain(403, "forbidden", "This request is not allowed.");
            case NOT_IN_CACHE -> plain(504, "not-in-cache", "No stored response can be used for this request.");
        };
    }

    private static ErrorAnswer origin(OriginFailure failure) {
        return switch (failure) {
            case NONE_HEALTHY ->
                new ErrorAnswer(
                        503,
                        "no-healthy-origin",
                        "The site is not available right now.",
                        "destination_unavailable",
                        5,
                        false);
            case REFUSED -> originDown("origin-refused", "connection_refused");
            case NAME_NOT_RESOLVED -> originDown("origin-dns", "dns_error");
            case NAME_TIMEOUT -> originSlow("origin-dns-timeout", "dns_timeout");
            case ADDRESS_NOT_ALLOWED -> originBad("origin-address", "destination_ip_prohibited");
            case RESET -> originBad("origin-reset", "connection_terminated");
            case TLS -> originBad("origin-tls", "tls_protocol_error");
            case CERTIFICATE -> originBad("origin-certificate", "tls_certificate_error");
            case BAD_ANSWER -> originBad("origin-bad-answer", "http_protocol_error");
            case UPGRADE -> originBad("origin-upgrade", "http_upgrade_failed");
            case TRUNCATED -> originBad("origin-truncated", "http_response_incomplete");
            case CHANGED -> originBad("origin-changed", "http_response_incomplete");
            case CONNECT_TIMEOUT -> originSlow("origin-connect-timeout", "connection_timeout");
            case FIRST_BYTE_TIMEOUT -> originSlow("origin-first-byte-timeout", "http_response_timeout");
            case TOTAL_TIMEOUT -> originSlow("origin-total-timeout", "http_response_timeout");
            case BODY_TIMEOUT -> originSlow("origin-body-timeout", "connection_read_timeout");
        };
    }

    private static ErrorAnswer originDown(String word, String proxyError) {
        return new ErrorAnswer(503, word, "The site is not available right now.", proxyError, 5, false);
    }

    private static ErrorAnswer originBad(String word, String proxyError) {
        return new ErrorAnswer(502, word, "The site did not answer properly.", proxyError, 0, false);
    }

    private static ErrorAnswer originSlow(String word, String proxyError) {
        return new ErrorAnswer(504, word, "The site did not answer in time.", proxyError, 0, false);
    }

    private static ErrorAnswer plain(int status, String word, String title) {
        return new ErrorAnswer(status, word, title, null, 0, false);
    }

    private static ErrorAnswer closing(int status, String word, String title) {
        return new ErrorAnswer(status, word, title, null, 0, true);
    }
}
