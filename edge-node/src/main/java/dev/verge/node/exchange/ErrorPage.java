package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The short page, or problem document (RFC 9457), that a client sees when the node itself must answer. */
public final class ErrorPage {
    private ErrorPage() {}

    /**
     * Writes the page.
     *
     * @param accept the request's {@code Accept}, or null
     * @param siteHtml the site's own page for this status, or null
     */
    public static EdgeResponse render(
            ErrorAnswer answer, @Nullable String accept, String requestId, @Nullable String siteHtml) {
        HttpFields.Builder fields = HttpFields.builder().add("cache-control", "no-store");
        if (answer.proxyError() != null) {
            fields.add("proxy-status", "verge; error=" + answer.proxyError());
        }
        if (answer.retryAfterSeconds() > 0) {
            fields.add("retry-after", Long.toString(answer.retryAfterSeconds()));
        }
        if (answer.status() == 405) {
            fields.add("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        String body;
        if (prefersHtml(accept)) {
            fields.add("content-type", "text/html; charset=utf-8");
            body = siteHtml != null ? siteHtml : html(answer, requestId);
        } else {
            fields.add("content-type", "application/problem+json");
            body = problem(answer, requestId);
        }
        return EdgeResponse.of(answer.status(), fields.build(), Buffer.buffer(body))
                .closing(answer.closes());
    }

    /** Browsers name text/html; programs name JSON or nothing. The order of the two in the field decides when both stand there. */
    private static boolean prefersHtml(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        int html = accept.indexOf("text/html");
        int json = accept.indexOf("json");
        return html >= 0 && (json < 0 || html < json);
    }

    private static String html(ErrorAnswer answer, String requestId) {
        String phrase = HttpResponseStatus.valueOf(answer.status()).reasonPhrase();
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + answer.status() + " " + phrase
                + "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}"
                + "small{color:#666}</style></head><body><h1>" + answer.status() + " " + phrase + "</h1><p>"
                + escapeHtml(answer.title()) + "</p><small>Request " + escapeHtml(requestId)
                + "</small></body></html>\n";
    }

    private static String problem(ErrorAnswer answer, String requestId) {
        return "{\"type\":\"about:blank\",\"title\":\""
                + HttpResponseStatus.valueOf(answer.status()).reasonPhrase() + "\",\"status\":" + answer.status()
                + ",\"detail\":\"" + JsonText.escape(answer.title()) + "\",\"requestId\":\""
                + JsonText.escape(requestId)
                + "\",\"code\":\"" + JsonText.escape(answer.word()) + "\"}\n";
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
