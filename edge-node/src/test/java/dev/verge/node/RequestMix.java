package dev.verge.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up sequences of what happens to a node, the same for the same seed. */
final class RequestMix {
    /** One thing that happens. */
    sealed interface Event {}

    /** Bytes on one of the client's connections, after a pause; with {@code fresh} it is opened anew before, with {@code ends} it is over. */
    record Send(int connection, boolean fresh, String bytes, boolean ends, int pauseMillis) implements Event {}

    /** The same request several times over, each sent when the answer before it has come: its bytes are known after the second. */
    record Again(int connection, String bytes, int times, int pauseMillis) implements Event {}

    /** A purge; null means all. */
    record Purge(String path, boolean soft) implements Event {}

    /** Another version of the site. */
    record Publish(int version) implements Event {}

    static final List<String> PATHS = List.of(
            "/plain",
            "/plain?a=1",
            "/plain?b=2",
            "/page.html",
            "/page.html?x",
            "/big",
            "/huge",
            "/vary",
            "/short",
            "/private",
            "/missing",
            "/moved",
            "/empty",
            "/none",
            "/tagged",
            "/limited/a",
            "/static/%2e%2e/plain",
            "/static/a%20b",
            "//plain",
            "/weak");

    static final List<String> FIELDS = List.of(
            "Accept-Language: de",
            "Accept-Language: en",
            "Accept-Language: fr, en;q=0.5",
            "Accept-Encoding: gzip, br",
            "Accept-Encoding: gzip",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) \"quoted\"",
            "Referer: http://shop.test/\u00e4",
            "Cookie: a=1; b=2",
            "Connection: keep-alive",
            "connection: Keep-Alive",
            "If-None-Match: \"v1\"",
            "If-None-Match: W/\"v1\", \"other\"",
            "If-None-Match: *",
            "If-Modified-Since: Tue, 25 Nov 2025 10:00:00 GMT",
            "If-Modified-Since: Tue, 25 Nov 2025 13:00:00 GMT",
            "If-Match: \"v2\"",
            "If-Unmodified-Since: Tue, 25 Nov 2025 10:00:00 GMT",
            "Cache-Control: no-cache",
            "Cache-Control: max-age=0",
            "Cache-Control: max-age=3",
            "Cache-Control: min-fresh=58",
            "Cache-Control: only-if-cached",
            "Cache-Control: max-stale",
            "Pragma: no-cache",
            "Range: bytes=0-9",
            "Range: bytes=0-1, 5-9",
            "X-Forwarded-For: 1.2.3.4",
            "X-Forwarded-Proto: https",
            "X-Request-Id: mine",
            "X-HTTP-Method-Override: POST",
            "X_Original_URL: /admin",
            "True-Client-IP: 9.9.9.9",
            "X-Requested-With: fetch",
            "Verge-Debug: 1",
            "TE: trailers",
            "CDN-Loop: other",
            "Max-Forwards: 0",
            "Authorization: Basic eDp5",
            "X-Kind: a",
            "Connection: keep-alive, X-Kind",
            "Expect: nonsense");

    /** The first of {@link #FIELDS}: requests with one of them get whole answers, or 304. */
    private static final int HARMLESS = 15;

    /** Of the site. */
    private static final int VERSIONS = 5;

    private static final List<String> ENDS = List.of("Connection: close", "Upgrade: websocket\r\nConnection: upgrade");

    private static final List<String> METHODS = List.of("POST ", "POST ", "PUT ", "PATCH ", "DELETE ");

    private static final List<Integer> LENGTHS = List.of(0, 1, 1, 100, 2_000, 13_000, 100_000);

    private static final List<String> HOSTS = List.of(
            "shop.test", "shop.test", "shop.test", "SHOP.test", "shop.test:80", "b.shop.test", "unknown.test", "sh op");

    private final Random random;
    private boolean ends;

    RequestMix(long seed) {
        this.random = new Random(seed);
    }

    List<Event> events(int count) {
        List<Event> events = new ArrayList<>();
        events.add(new Publish(random.nextInt(VERSIONS)));
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(100);
            if (kind < 4) {
                events.add(new Purge(random.nextInt(4) == 0 ? "" : path(), random.nextBoolean()));
            } else if (kind < 8) {
                events.add(new Publish(random.nextInt(VERSIONS)));
            } else if (kind < 25) {
                String target = path();
                String fields = random.nextInt(3) > 0 ? "" : FIELDS.get(random.nextInt(HARMLESS)) + "\r\n";
                String method = random.nextInt(8) == 0 ? "HEAD " : "GET ";
                String content = random.nextInt(4) == 0 ? content() : "";
                if (!content.isEmpty()) {
                    method = METHODS.get(random.nextInt(METHODS.size()));
                    fields = random.nextInt(3) > 0 ? "" : FIELDS.get(random.nextInt(FIELDS.size())) + "\r\n";
                }
                String head = method + target + " HTTP/1.1\r\nHost: shop.test\r\n" + fields;
                events.add(new Again(
                        random.nextInt(3),
                        head + (content.isEmpty() ? "\r\n" : content),
                        2 + random.nextInt(5),
                        pause()));
            } else {
                events.add(new Send(random.nextInt(3), random.nextInt(30) == 0, pipelined(), ends, pause()));
            }
        }
        return events;
    }

    /** What ends a head, and content; that of the longest is not read at once. */
    private String content() {
        String content = "hello".repeat(LENGTHS.get(random.nextInt(LENGTHS.size())));
        return "Content-Length: " + content.length() + "\r\n\r\n" + content;
    }

    private int pause() {
        return random.nextInt(3) == 0 ? random.nextInt(4_000) : random.nextInt(20);
    }

    private String pipelined() {
        StringBuilder bytes = new StringBuilder();
        int many = 1 + (random.nextInt(3) == 0 ? random.nextInt(12) : 0);
        String repeated = random.nextBoolean() ? path() : null;
        ends = false;
        // What stands behind a request that ends the connection may be begun or not.
        for (int i = 0; i < many && !ends; i++) {
            bytes.append(request(repeated == null ? path() : repeated));
        }
        return bytes.toString();
    }

    private String path() {
        // The first few are asked for most, so that they are hits.
        return PATHS.get(random.nextInt(random.nextInt(4) == 0 ? PATHS.size() : 5));
    }

    private String request(String path) {
        int odd = random.nextInt(60);
        String method = odd < 46 ? "GET" : odd < 54 ? "HEAD" : odd < 56 ? "POST" : odd < 58 ? "OPTIONS" : "DELETE";
        String version = random.nextInt(60) == 0 ? "HTTP/1.0" : "HTTP/1.1";
        String host = random.nextInt(8) == 0 ? HOSTS.get(random.nextInt(HOSTS.size())) : "shop.test";
        String target = random.nextInt(30) == 0 ? "http://" + host + path : path;
        StringBuilder head = new StringBuilder();
        head.append(method)
                .append(' ')
                .append(target)
                .append(' ')
                .append(version)
                .append("\r\n");
        if (random.nextInt(90) > 0) {
            head.append(random.nextBoolean() ? "Host: " : "host: ").append(host).append("\r\n");
        }
        int fields = random.nextInt(4) == 0 && version.equals("HTTP/1.1") ? random.nextInt(4) : 0;
        for (int i = 0; i < fields; i++) {
            head.append(FIELDS.get(random.nextInt(FIELDS.size()))).append("\r\n");
        }
        ends = version.equals("HTTP/1.0");
        if (random.nextInt(90) == 0) {
            ends = true;
            head.append(ENDS.get(random.nextInt(ENDS.size()))).append("\r\n");
        }
        if (random.nextInt(150) == 0) {
            ends = true;
            head.append(random.nextBoolean() ? "bad field: x\r\n" : "Host: twice\r\nHost: twice\r\n");
        }
        // A request with content does not leave HTTP, whatever it says.
        boolean content = !ends && (method.equals("POST") || random.nextInt(60) == 0);
        return content ? head + "Content-Length: 5\r\n\r\nhello" : head + "\r\n";
    }
}
