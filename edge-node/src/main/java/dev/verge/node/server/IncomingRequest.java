package dev.verge.node.server;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.Grpc;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.exchange.Priority;
import dev.verge.node.server.RequestBody.Kind;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http2.Http2Notes;
import dev.verge.node.server.http2.StreamNotes;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.tunnel.TunnelEnd;
import dev.verge.sync.document.Cidr;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a request of the server library into the node's own value. Judges nothing but who may be believed. */
final class IncomingRequest {
    private IncomingRequest() {}

    static ClientRequest read(
            HttpServerRequest request,
            InterimSink interim,
            List<Cidr> trustedProxies,
            Limits limits,
            LoopWatch watch,
            Instant now) {
        HttpFields.Builder builder = HttpFields.builder();
        request.headers().forEach(builder::add);
        HttpFields fields = builder.build();
        String uri = request.uri();
        String target = originForm(request.method().name(), uri);
        int question = target.indexOf('?');
        Http1Guard guard = guard(request);
        StreamNotes notes = notes(request);
        String upgrade = guard != null ? guard.upgrade() : notes != null ? notes.protocol() : null;
        TunnelEnd tunnel = guard == null || upgrade == null ? null : guard.tunnel();
        return new ClientRequest(
                caller(request, fields, trustedProxies),
                request.method().name(),
                authority(request, uri),
                question < 0 ? target : target.substring(0, question),
                question < 0 ? null : target.substring(question + 1),
                fields,
                tunnel == null
                        ? body(request, fields, upgrade != null, limits, watch)
                        : new Body.Streamed(tunnel, -1, tunnel::close),
                upgrade,
                scheme(request, uri),
                interim,
                now,
                System.nanoTime());
    }

    /** The absolute form of a target names the authority itself; a {@code Host} that differs is refused later. */
    private static @Nullable String authority(HttpServerRequest request, String uri) {
        int begin = authorityBegin(uri);
        if (begin > 0) {
            return uri.substring(begin, indexOfAny(uri, begin));
        }
        if (request.version() == HttpVersion.HTTP_2) {
            var authority = request.authority();
            return authority == null ? null : authority.toString();
        }
        return request.getHeader("host");
    }

    private static String originForm(String method, String uri) {
        int begin = authorityBegin(uri);
        if (begin < 0) {
            return uri;
        }
        int end = indexOfAny(uri, begin);
        String rest = uri.substring(end);
        if (rest.isEmpty() && method.equals("OPTIONS")) {
            return "*"; // RFC 9112 §3.2.4
        }
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** The scheme that the target names: in absolute form, and always over HTTP/2. */
    private static @Nullable String scheme(HttpServerRequest request, String uri) {
        if (request.version() == HttpVersion.HTTP_2) {
            return lower(request.scheme());
        }
        return authorityBegin(uri) < 0 ? null : lower(uri.substring(0, uri.indexOf(':')));
    }

    private static @Nullable String lower(@Nullable String scheme) {
        return scheme == null ? null : scheme.toLowerCase(Locale.ROOT);
    }

    /** Where the authority of a target in absolute form begins; -1 for every other form. */
    private static int authorityBegin(String uri) {
        for (String scheme : List.of("http://", "https://")) {
            if (uri.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return -1;
    }

    private static int indexOfAny(String uri, int from) {
        for (int i = from; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return uri.length();
    }

    private static Body body(
            HttpServerRequest request, HttpFields fields, boolean tunnel, Limits limits, LoopWatch watch) {
        String length = fields.first("content-length");
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        boolean coded = fields.contains("transfer-encoding");
        if (!tunnel
                && length == null
                && !coded
                && (!http2 || isBodyless(request.method().name()))) {
            return Body.none();
        }
        long bytes = coded || length == null ? -1 : Long.parseLong(length);
        if (bytes == 0) {
            return Body.none();
        }
        request.pause();
        Kind kind = tunnel ? Kind.TUNNEL : http2 && Grpc.is(fields.first("content-type")) ? Kind.STREAM : Kind.MESSAGE;
        RequestBody stream = new RequestBody(request, limits, kind, guard(request), trailers(request), watch);
        return new Body.Streamed(stream, bytes, stream::giveUp);
    }

    /** The trailer fields of a request, once its content has ended. */
    private static Supplier<HttpFields> trailers(HttpServerRequest request) {
        Http1Guard guard = guard(request);
        StreamNotes notes = notes(request);
        if (guard != null) {
            return guard.trailers();
        }
        return notes == null ? () -> HttpFields.EMPTY : notes::trailers;
    }

    /** How soon an answer over HTTP/2 is wanted, if its fields say so. */
    static void prioritise(HttpServerRequest request, HttpFields answer) {
        String priority = answer.combined(Priority.FIELD);
        if (priority != null
                && request.version() == HttpVersion.HTTP_2
                && request.connection() instanceof ConnectionBase connection) {
            Http2Notes.corrected(connection.channel(), request.streamId(), priority);
        }
    }

    /** Changes as long as the client of a stream takes what it gets; null for HTTP/1. */
    static @Nullable LongSupplier progress(HttpServerRequest request) {
        Channel channel = channel(request);
        return request.version() == HttpVersion.HTTP_2 ? () -> Http2Notes.progress(channel, request.streamId()) : null;
    }

    /** What a request over HTTP/2 says besides; null for HTTP/1. */
    private static @Nullable StreamNotes notes(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection
                ? Http2Notes.of(connection.channel(), request.streamId())
                : null;
    }

    /** The guard of the connection; null for HTTP/2. */
    static @Nullable Http1Guard guard(HttpServerRequest request) {
        return Http1Guard.of(channel(request));
    }

    private static Channel channel(HttpServerRequest request) {
        if (request.connection() instanceof HttpServerConnection connection) {
            return connection.channelHandlerContext().channel();
        }
        throw new IllegalStateException("every connection of the server library has a channel");
    }

    private static boolean isBodyless(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("TRACE") || method.equals("CONNECT");
    }

    private static Caller caller(HttpServerRequest request, HttpFields fields, List<Cidr> trustedProxies) {
        Channel channel = channel(request);
        return Callers.of(
                ClientAddress.of(channel),
                fields,
                request.isSSL() ? "https" : "http",
                protocol(request.version()),
                TlsDoor.of(channel),
                trustedProxies);
    }

    private static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
            case HTTP_3 -> "HTTP/3";
        };
    }
}
