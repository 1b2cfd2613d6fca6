package dev.verge.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.HealthCheckType;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.OriginTls;
import dev.verge.balancer.options.StatusSet;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes over TLS, and probes that only connect. */
class ProbeKindsTest extends ProbesByHand {
    @Test
    void certificateIsVerifiedUnlessToldOtherwiseAndSniIsSent(@TempDir Path folder) throws Exception {
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        HttpServer server = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(selfSigned(folder, "legacy.example")))
                .requestHandler(request -> {
                    names.add(String.valueOf(request.connection().indicatedServerName()));
                    request.response().end();
                })
                .listen(0, "127.0.0.1"));
        String url = "https://127.0.0.1:" + server.actualPort();
        Origin trusting = new Origin(
                url,
                1,
                OriginRole.PRIMARY,
                null,
                new OriginTls("legacy.example", false, null, null),
                OriginProtocol.HTTP1);
        probe(trusting, check("200", null, Map.of()), LOOPBACK, Duration.ofSeconds(5));
        boolean trusted = next();
        assertThat(trusted).as("%s", lastFailure).isTrue();
        assertThat(names.poll(10, TimeUnit.SECONDS)).isEqualTo("legacy.example");
        Origin verifying = new Origin(
                url,
                1,
                OriginRole.PRIMARY,
                null,
                new OriginTls("legacy.example", true, null, null),
                OriginProtocol.HTTP1);
        BlockingQueue<Boolean> verified = new LinkedBlockingQueue<>();
        probe(verifying, check("200", null, Map.of()), LOOPBACK, Duration.ofSeconds(5), verified::add);
        assertThat(verified.poll(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aTcpProbeOnlyConnectsAndNoticesThatNobodyListens() throws Exception {
        ServerSocket silent = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        int port = silent.getLocalPort();
        probe(origin(port), tcp(), LOOPBACK, TIMEOUT);
        assertThat(next()).isTrue();
        assertThat(next()).isTrue();
        silent.close();
        assertThat(next(false)).isFalse();
    }

    @Test
    void aPinnedAuthorityIsTheOnlyOneBelievedByBothKindsOfProbes(@TempDir Path folder) throws Exception {
        JksOptions own = selfSigned(folder, "legacy.example");
        HttpServer server = await(
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(own))
                        .requestHandler(request -> request.response().end())
                        .listen(0, "127.0.0.1"));
        String url = "https://127.0.0.1:" + server.actualPort();
        String pem = pem(own);
        String other = pem(selfSigned(Files.createDirectory(folder.resolve("other")), "legacy.example"));
        for (HealthCheck check : List.of(check("200", null, Map.of()), tcp())) {
            for (String ca : List.of(pem, other)) {
                BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
                Origin pinned = new Origin(
                        url,
                        1,
                        OriginRole.PRIMARY,
                        null,
                        new OriginTls("legacy.example", true, ca, null),
                        OriginProtocol.HTTP1);
                probe(pinned, check, LOOPBACK, Duration.ofSeconds(5), seen::add);
                assertThat(seen.poll(10, TimeUnit.SECONDS))
                        .as("%s: %s", check.type(), lastFailure)
                        .isEqualTo(ca.equals(pem));
            }
        }
    }

    private static HealthCheck tcp() {
        return new HealthCheck(
                "/", "GET", INTERVAL, TIMEOUT, 2, 3, StatusSet.parse("200-399"), null, Map.of(), HealthCheckType.TCP);
    }

    private static String pem(JksOptions store) throws Exception {
        var keys = java.security.KeyStore.getInstance(
                new File(store.getPath()), store.getPassword().toCharArray());
        byte[] certificate = keys.getCertificate(keys.aliases().nextElement()).getEncoded();
        return "-----BEGIN CERTIFICATE-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
    }
}
