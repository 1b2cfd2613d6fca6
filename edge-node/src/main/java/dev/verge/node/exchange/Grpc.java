package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What of gRPC over HTTP/2 a proxy has to know: what belongs to it, and how its clients are told of errors. */
public final class Grpc {
    private static final String TYPE = "application/grpc";

    private Grpc() {}

    /** Whether a {@code Content-Type} is that of gRPC: {@code application/grpc}, {@code application/grpc+proto} and so on; not gRPC-Web. */
    public static boolean is(@Nullable String contentType) {
        if (contentType == null || !contentType.regionMatches(true, 0, TYPE, 0, TYPE.length())) {
            return false;
        }
        return contentType.length() == TYPE.length() || "+; ".indexOf(contentType.charAt(TYPE.length())) >= 0;
    }

    /** The status of gRPC for one of HTTP, by gRPC's own table (doc/http-grpc-status-mapping.md). */
    static int status(int http) {
        return switch (http) {
            case 400 -> 13; // INTERNAL
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 404 -> 12; // UNIMPLEMENTED
            case 429, 502, 503, 504 -> 14; // UNAVAILABLE
            default -> 2; // UNKNOWN
        };
    }

    /** The error as gRPC tells it: trailers only, with a status of HTTP that says that all is well. */
    public static EdgeResponse error(ErrorAnswer answer) {
        HttpFields.Builder fields = HttpFields.builder()
                .add("content-type", TYPE)
                .add("grpc-status", Integer.toString(status(answer.status())))
                .add("grpc-message", percentEncoded(answer.title()));
        if (answer.proxyError() != null) {
            fields.add("proxy-status", "verge; error=" + answer.proxyError());
        }
        return EdgeResponse.of(200, fields.build(), Buffer.buffer()).closing(answer.closes());
    }

    /** Visible ASCII stays, but for the percent sign. */
    private static String percentEncoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return out.toString();
    }
}
