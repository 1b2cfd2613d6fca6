package dev.verge.deploy.demo;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads a request body into memory, up to a bound; a longer one is answered 413 and its connection closed. */
final class BodyCollector {
    private final HttpServerRequest request;
    private final int mostBytes;
    private final Buffer body = Buffer.buffer();
    private boolean refused;

    private BodyCollector(HttpServerRequest request, int mostBytes) {
        this.request = request;
        this.mostBytes = mostBytes;
    }

    static void collect(HttpServerRequest request, int mostBytes, Consumer<Buffer> complete) {
        BodyCollector collector = new BodyCollector(request, mostBytes);
        request.handler(collector::add);
        request.exceptionHandler(gone -> collector.refused = true);
        request.endHandler(end -> {
            if (!collector.refused) {
                complete.accept(collector.body);
            }
        });
    }

    private void add(Buffer chunk) {
        if (refused) {
            return;
        }
        if (body.length() + chunk.length() > mostBytes) {
            refused = true;
            request.response().putHeader("Connection", "close");
            DemoEndpoints.text(request, 413, "the body may have " + mostBytes + " bytes\n");
            return;
        }
        body.appendBuffer(chunk);
    }
}
