package dev.verge.node;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An origin of large objects that are made up while they are sent: every byte follows from its offset and the object's version. Answers
 * byte ranges and conditions as an ordinary file server does.
 */
final class ObjectOrigin implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    /** Ranges of the GET requests as they came, "-" for none. */
    final List<String> ranges = new CopyOnWriteArrayList<>();

    final AtomicLong bytesSent = new AtomicLong();
    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final Map<String, Promise<Void>> held = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** Bodies of whole objects under that path stop after a piece until the promise is kept. */
    Promise<Void> hold(String path) {
        Promise<Void> release = Promise.promise();
        held.put(path, release);
        return release;
    }

    /**
     * An object.
     *
     * @param tag its entity tag as sent; empty for none
     * @param seed tells the bytes of one version from those of another
     * @param ranges whether ranges are understood
     */
    record Item(long length, String tag, int seed, boolean ranges, String control) {
        Item with(int newSeed) {
            return new Item(length, tag.isEmpty() ? "" : "\"v" + newSeed + "\"", newSeed, ranges, control);
        }
    }

    static Item item(long length) {
        return new Item(length, "\"v1\"", 1, true, "max-age=600");
    }

    ObjectOrigin(Vertx vertx) {
        server = Installation.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    void put(String path, Item item) {
        items.put(path, item);
    }

    void forgetRequests() {
        ranges.clear();
        bytesSent.set(0);
    }

    /** The bytes of an object from an offset on. */
    static byte[] bytes(int seed, long first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long at = first + i;
            bytes[i] = (byte) (at * 31 + (at >>> 8) * 7 + (at >>> 20) * 13 + seed);
        }
        return bytes;
    }

    private void serve(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!request.method().name().equals("GET")) {
            response.setStatusCode(204).end();
            return;
        }
        String range = Objects.requireNonNullElse(request.getHeader("range"), "-");
        ranges.add(range);
        Item item = items.get(request.path());
        if (item == null) {
            response.setStatusCode(404).end();
            return;
        }
        response.putHeader("cache-control", item.control());
        if (!item.tag().isEmpty()) {
            response.putHeader("etag", item.tag());
        }
        if ("wrong".equals(request.getHeader("authorization"))) {
            response.setStatusCode(401).end();
            return;
        }
        if (!item.tag().isEmpty() && item.tag().equals(request.getHeader("if-none-match"))) {
            response.setStatusCode(304).end();
            return;
        }
        String condition = request.getHeader("if-range");
        boolean part = item.ranges() && !range.equals("-") && (condition == null || condition.equals(item.tag()));
        if (part) {
            part(response, item, range.substring("bytes=".length()));
        } else {
            response.putHeader("content-length", Long.toString(item.length()));
            Promise<Void> release = held.get(request.path());
            if (release == null) {
                send(response, item, 0, item.length());
            } else {
                response.write(Buffer.buffer(bytes(item.seed(), 0, PIECE)));
                Context context = Objects.requireNonNull(Vertx.currentContext());
                release.future()
                        .onSuccess(released ->
                                context.runOnContext(ignored -> send(response, item, PIECE, item.length())));
            }
        }
    }

    private void part(HttpServerResponse response, Item item, String spec) {
        int dash = spec.indexOf('-');
        boolean open = dash == spec.length() - 1;
        long first = dash == 0
                ? Math.max(0, item.length() - Long.parseLong(spec.substring(1)))
                : Long.parseLong(spec.substring(0, dash));
        long last = dash == 0 || open
                ? item.length() - 1
                : Math.min(item.length() - 1, Long.parseLong(spec.substring(dash + 1)));
        if (first >= item.length()) {
            response.setStatusCode(416)
                    .putHeader("content-range", "bytes */" + item.length())
                    .end();
            return;
        }
        response.setStatusCode(206)
                .putHeader("content-range", "bytes " + first + "-" + last + "/" + item.length())
                .putHeader("content-length", Long.toString(last - first + 1));
        send(response, item, first, last + 1);
    }

    private void send(HttpServerResponse response, Item item, long from, long end) {
        long at = from;
        while (at < end && !response.writeQueueFull()) {
            int size = (int) Math.min(PIECE, end - at);
            response.write(Buffer.buffer(bytes(item.seed(), at, size)));
            bytesSent.addAndGet(size);
            at += size;
        }
        long rest = at;
        if (rest == end) {
            response.end();
        } else {
            response.drainHandler(drained -> send(response, item, rest, end));
        }
    }

    @Override
    public void close() {
        Installation.await(server.close());
    }
}
