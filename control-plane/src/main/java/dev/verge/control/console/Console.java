package dev.verge.control.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serves the console's page at the root and its files below {@code /console/DIGEST/}. What is none of them is left to other routes. */
public final class Console {

    /**
     * Nothing but this origin's own files runs, is drawn or is called, and no text can become markup or code: the pages build their
     * elements one by one, so Trusted Types without any policy hold (CSP level 3; Trusted Types, section 4).
     */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Vary", "Accept-Encoding");

    private static final Pattern FILE = Pattern.compile("/console/([0-9a-f]{1,64})/([a-z0-9/.-]+)");
    private static final Pattern GZIP = Pattern.compile(
            "(?i)(?:^|,)\\s*(?:gzip|x-gzip)\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$))[0-9.]+\\s*)?(?:,|$)");

    private final Assets assets = Assets.load();

    /** Puts the page and the files on the router. */
    public void mount(Router router) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            router.route(method, "/").handler(context -> send(context.request(), assets.index(), "no-cache"));
            router.route(method, "/console/*").handler(this::file);
        }
    }

    private void file(RoutingContext context) {
        // The path as it was sent: what is encoded or has dots in it is no name of a file here.
        Matcher wanted = FILE.matcher(context.request().path());
        Optional<Asset> asset = wanted.matches() ? assets.file(wanted.group(2)) : Optional.empty();
        if (asset.isEmpty()) {
            context.next();
            return;
        }
        // A page of another control plane's version, behind the same address, gets what there is here, and does not
        // keep it.
        boolean own = wanted.group(1).equals(assets.digest());
        send(context.request(), asset.get(), own ? "public, max-age=31536000, immutable" : "no-cache");
    }

    private static void send(HttpServerRequest request, Asset asset, String caching) {
        HttpServerResponse response = request.response();
        FIELDS.forEach(response::putHeader);
        response.putHeader("Cache-Control", caching);
        response.putHeader("ETag", asset.etag());
        if (known(request.getHeader("If-None-Match"), asset.etag())) {
            response.setStatusCode(304).end();
            return;
        }
        String accepted = request.getHeader("Accept-Encoding");
        boolean gzip = accepted != null && GZIP.matcher(accepted).find();
        Buffer body = gzip ? asset.gzip() : asset.body();
        if (gzip) {
            response.putHeader("Content-Encoding", "gzip");
        }
        response.putHeader("Content-Type", asset.type());
        response.putHeader("Content-Length", Integer.toString(body.length()));
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }

    /** RFC 9110, section 13.1.2: weak comparison. */
    private static boolean known(@Nullable String field, String etag) {
        if (field == null) {
            return false;
        }
        return field.strip().equals("*")
                || Stream.of(field.split(",", -1))
                        .anyMatch(tag -> weak(tag.strip()).equals(etag));
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag : "W/" + tag;
    }
}
