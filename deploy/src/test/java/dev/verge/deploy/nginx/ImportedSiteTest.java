package dev.verge.deploy.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.verge.deploy.local.LocalNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration served by nginx itself, where it is installed, and its translation by a real node: both must do the same. */
class ImportedSiteTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** What each request came to when nginx 1.22 answered it: status, what the origin saw, fields of the response. */
    private static final Map<String, String> EXPECTED = new TreeMap<>(Map.ofEntries(
            Map.entry("/", "200 GET / user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/other?q=1", "200 GET /other?q=1 user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/missing", "404 GET /missing user=null host=app X-Frame-Options=DENY"),
            Map.entry("/exact", "200 GET /replaced user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/exact/below", "200 GET /exact/below user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/prefixed", "200 GET /prefixed user=null host=app X-Where=prefix"),
            Map.entry("/prefix/x", "200 GET /prefix/x user=null host=app X-Where=prefix"),
            Map.entry(
                    "/prefix/longer/x?y=1", "200 GET /short/x?y=1 user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/final/a.txt", "200 GET /f/a.txt user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/final/not/a.txt", "200 GET /final/not/a.txt user=null host=app X-Where=regex"),
            Map.entry("/final/not/a", "200 GET /n/a user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/prefix/a.txt", "200 GET /prefix/a.txt user=null host=app X-Where=regex"),
            Map.entry("/a.png", "403 X-Frame-Options=DENY"),
            Map.entry("/final/a.png", "200 GET /f/a.png user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/rw/a/b/c", "200 GET /b/c/a?made=1 user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/rw/none", "200 GET /rw/none user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/say", "200 said X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/away", "302 to https://other.example/away X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/away?a=b", "302 to https://other.example/away?a=b X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/moved/x/y", "301 to /target/x/y X-Frame-Options=DENY X-Good=yes"),
            Map.entry("/gone", "410 X-Frame-Options=DENY"),
            Map.entry("/closed/x", "403 X-Frame-Options=DENY"),
            Map.entry("/open/x", "200 GET /open/x user=null host=app X-Frame-Options=DENY X-Good=yes"),
            Map.entry(
                    "/headers/?user=ada",
                    "200 GET /headers/?user=ada user=ada host=fixed.example X-Frame-Options=DENY X-Good=yes")));

    private static final List<String> FIELDS = List.of("X-Frame-Options", "X-Good", "X-Where");

    @Test
    void aTranslationRoutesAsNginxDoes(@TempDir Path folder) throws Exception {
        HttpServer origin = origin();
        int port = freePort();
        Path file = folder.resolve("nginx.conf");
        Files.writeString(
                file,
                Files.readString(Path.of("src/test/resources/nginx/routes/nginx.conf"))
                        .replace("@ORIGIN@", "" + origin.getAddress().getPort())
                        .replace("@PORT@", "" + port));
        NginxImport.Result imported = NginxImport.read(file, null);
        assertThat(imported.sites()).hasSize(1);
        try (LocalNode node = LocalNode.start(0);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            assertThat(node.publishSite("imported", imported.sites().getFirst().text()))
                    .isEmpty();
            node.open();
            assertThat(all(client, node.port())).isEqualTo(EXPECTED);
            if (Files.isExecutable(NGINX)) {
                Process nginx = new ProcessBuilder(NGINX.toString(), "-p", folder.toString(), "-c", file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("nginx.out").toFile())
                        .start();
                try {
                    awaitOpen(port, nginx, folder);
                    assertThat(all(client, port)).as("nginx itself").isEqualTo(EXPECTED);
                } finally {
                    nginx.destroy();
                    nginx.waitFor();
                }
            }
        } finally {
            origin.stop(0);
        }
    }

    private static HttpServer origin() throws IOException {
        HttpServer origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            String seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " user="
                    + exchange.getRequestHeaders().getFirst("X-User") + " host="
                    + exchange.getRequestHeaders().getFirst("Host");
            byte[] body = seen.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    exchange.getRequestURI().getPath().equals("/missing") ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
        return origin;
    }

    private static Map<String, String> all(HttpClient client, int port) throws IOException, InterruptedException {
        Map<String, String> seen = new TreeMap<>();
        for (String path : EXPECTED.keySet()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(DEADLINE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            StringBuilder came = new StringBuilder().append(response.statusCode());
            String body = response.body().strip();
            // The pages of both servers for their own answers are theirs.
            if (!body.startsWith("<") && !body.startsWith("{") && !body.isEmpty()) {
                came.append(' ').append(body);
            }
            response.headers()
                    .firstValue("Location")
                    .ifPresent(
                            to -> came.append(" to ").append(to.replaceFirst("^http://127\\.0\\.0\\.1(:\\d+)?/", "/")));
            FIELDS.forEach(name -> response.headers()
                    .firstValue(name)
                    .ifPresent(
                            value -> came.append(' ').append(name).append('=').append(value)));
            seen.put(path, came.toString());
        }
        return seen;
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void awaitOpen(int port, Process nginx, Path folder) throws IOException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                assertThat(nginx.isAlive() && System.nanoTime() < end)
                        .as(Files.readString(folder.resolve("nginx.out")))
                        .isTrue();
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
