package dev.verge.deploy.demo;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers a GET or HEAD with a file of the site: negotiates its coding, heeds conditions and ranges. */
final class AssetAnswer {
    private AssetAnswer() {}

    static void send(HttpServerRequest request, Asset asset) {
        HttpServerResponse response = request.response();
        Asset.Representation gzip = asset.gzip();
        boolean packed = gzip != null && acceptsGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        Asset.Representation chosen = packed && gzip != null ? gzip : asset.plain();
        response.putHeader("ETag", chosen.etag())
                .putHeader("Last-Modified", asset.lastModifiedText())
                .putHeader("Cache-Control", asset.cacheControl())
                .putHeader("Accept-Ranges", "bytes");
        if (gzip != null) {
            response.putHeader("Vary", "Accept-Encoding");
        }
        if (packed) {
            response.putHeader("Content-Encoding", "gzip");
        }
        Conditions conditions = new Conditions(
                request.getHeader(HttpHeaders.IF_MATCH),
                request.getHeader("If-Unmodified-Since"),
                request.getHeader(HttpHeaders.IF_NONE_MATCH),
                request.getHeader(HttpHeaders.IF_MODIFIED_SINCE),
                // Ranges are defined for GET only (RFC 9110 §14.2).
                HttpMethod.GET.equals(request.method()) ? request.getHeader("Range") : null,
                request.getHeader("If-Range"));
        switch (conditions.against(asset, chosen)) {
            case Conditions.Verdict.Failed() -> DemoEndpoints.text(request, 412, "the file has changed\n");
            case Conditions.Verdict.NotModified() -> response.setStatusCode(304).end();
            case Conditions.Verdict.Send(ByteRange range) -> sendRange(request, asset, chosen.body(), range);
        }
    }

    private static void sendRange(HttpServerRequest request, Asset asset, Buffer body, ByteRange range) {
        HttpServerResponse response = request.response();
        switch (range) {
            case ByteRange.Whole() -> {
                response.putHeader("Content-Type", asset.contentType());
                DemoEndpoints.end(request, body);
            }
            case ByteRange.Part part -> {
                response.setStatusCode(206)
                        .putHeader("Content-Type", asset.contentType())
                        .putHeader("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + body.length());
                DemoEndpoints.end(request, body.slice(part.first(), part.last() + 1));
            }
            case ByteRange.Unsatisfiable() -> {
                response.putHeader("Content-Range", "bytes */" + body.length());
                response.headers().remove("Content-Encoding");
                DemoEndpoints.text(request, 416, "the file has " + body.length() + " bytes\n");
            }
        }
    }

    /** RFC 9110 §12.5.3: named with a weight above zero, or covered by {@code *}. */
    static boolean acceptsGzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        boolean wildcard = false;
        for (String element : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = element.split(";", -1);
            String coding = parts[0].strip();
            boolean wanted = true;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].replace(" ", "");
                wanted &= !parameter.matches("q=0(\\.0{0,3})?");
            }
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return wanted;
            }
            wildcard |= coding.equals("*") && wanted;
        }
        return wildcard;
    }
}
