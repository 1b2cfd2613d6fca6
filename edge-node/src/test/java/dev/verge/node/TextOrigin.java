package dev.verge.node;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An origin of texts that never codes anything and keeps what it was asked. */
final class TextOrigin implements AutoCloseable {
    /** What came, as {@code METHOD PATH ACCEPT-ENCODING} and, where it stood there, the If-None-Match. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Map<String, Text> texts = new ConcurrentHashMap<>();
    private final HttpServer server;

    /**
     * A text.
     *
     * @param fields name, value, name, value, …
     * @param slow whether only the first half comes, until the request is given up
     */
    record Text(String content, boolean slow, List<String> fields) {}

    TextOrigin(Vertx vertx) {
        server = Installation.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    void put(String path, String content, String... fields) {
        texts.put(path, new Text(content, false, List.of(fields)));
    }

    void putSlow(String path, String content, String... fields) {
        texts.put(path, new Text(content, true, List.of(fields)));
    }

    List<String> asked(String path) {
        return asked.stream().filter(line -> line.contains(" " + path + " ")).toList();
    }

    private void serve(HttpServerRequest request) {
        String condition = request.getHeader("if-none-match");
        asked.add(request.method() + " " + request.path() + " " + request.getHeader("accept-encoding")
                + (condition == null ? "" : " " + condition));
        HttpServerResponse response = request.response();
        Text text = texts.get(request.path());
        if (text == null) {
            response.setStatusCode(404).end();
            return;
        }
        for (int i = 0; i < text.fields().size(); i += 2) {
            response.putHeader(text.fields().get(i), text.fields().get(i + 1));
        }
        String tag = response.headers().get("etag");
        if (condition != null && tag != null && condition.contains(tag)) {
            response.headers().remove("content-type");
            response.setStatusCode(304).end();
        } else if (text.slow()) {
            response.setChunked(true);
            response.write(text.content());
        } else {
            response.end(Buffer.buffer(text.content()));
        }
    }

    @Override
    public void close() {
        Installation.await(server.close());
    }
}
