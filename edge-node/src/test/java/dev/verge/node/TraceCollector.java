package dev.verge.node;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** A collector of traces: takes OTLP over HTTP, as protobuf, gzipped. */
final class TraceCollector {
    /** A span as it came. Ids are hexadecimal; {@code parent} is empty for none. */
    record Told(String trace, String id, String parent, Span span, Resource resource) {
        String name() {
            return span.getName();
        }

        Map<String, String> attributes() {
            return TraceCollector.attributes(span.getAttributesList());
        }

        String get(String attribute) {
            return attributes().getOrDefault(attribute, "");
        }
    }

    final List<Told> spans = new CopyOnWriteArrayList<>();
    final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    volatile boolean holds;
    volatile int status = 200;
    private final HttpServer server;

    TraceCollector(Vertx vertx) {
        server = Installation.await(
                vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    /** Goes away. */
    void stop() {
        Installation.await(server.close());
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (holds) {
                held.add(request);
                return;
            }
            boolean asAgreed = "/v1/traces".equals(request.path())
                    && "application/x-protobuf".equals(request.getHeader("content-type"))
                    && "gzip".equals(request.getHeader("content-encoding"));
            authorizations.add(String.valueOf(request.getHeader("authorization")));
            if (asAgreed && status == 200) {
                read(body);
            }
            request.response().setStatusCode(asAgreed ? status : 400).end();
        });
    }

    private void read(Buffer body) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            ExportTraceServiceRequest.parseFrom(in)
                    .getResourceSpansList()
                    .forEach(of -> of.getScopeSpansList()
                            .forEach(scope -> scope.getSpansList()
                                    .forEach(span -> spans.add(new Told(
                                            hex(span.getTraceId().toByteArray()),
                                            hex(span.getSpanId().toByteArray()),
                                            hex(span.getParentSpanId().toByteArray()),
                                            span,
                                            of.getResource())))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Map<String, String> attributes(List<KeyValue> list) {
        Map<String, String> attributes = new TreeMap<>();
        list.forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
        return attributes;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            default -> value.toString();
        };
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    /** All spans of the trace that has a request to that path, once those of these names are there, as often as they are named. */
    List<Told> trace(String path, String... names) {
        Installation.until(List.of(names) + " of " + path, () -> {
            List<String> left = new ArrayList<>(List.of(names));
            of(path).forEach(span -> left.remove(span.name()));
            return left.isEmpty();
        });
        return of(path);
    }

    private List<Told> of(String path) {
        return spans.stream()
                .filter(span -> span.span().getKind() == Span.SpanKind.SPAN_KIND_SERVER
                        && span.get("url.path").equals(path))
                .findFirst()
                .map(server -> spans.stream()
                        .filter(span -> span.trace().equals(server.trace()))
                        .toList())
                .orElse(List.of());
    }

    /** The one of that name. */
    static Told named(List<Told> trace, String name) {
        return trace.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no " + name + " in " + trace.stream().map(Told::name).toList()));
    }
}
