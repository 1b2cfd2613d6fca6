package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.site;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.nats.NatsCarrier;
import dev.verge.sync.nats.NatsHub;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import dev.verge.sync.server.SyncServer;
import io.nats.client.NKey;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A NATS server with TLS that lets in whom its operator's signature vouches for. */
class NatsSecurityTest {
    private static final String NO_LIMITS =
            "\"subs\": -1, \"data\": -1, \"payload\": -1, \"imports\": -1, \"exports\": -1,"
                    + " \"wildcards\": true, \"conn\": -1, \"leaf\": -1";
    private static final StreamSettings SMALL =
            new StreamSettings(Duration.ofHours(1), 64L << 20, Duration.ofHours(1), 256L << 20, 1);

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet();
    private final MemoryLog log = new MemoryLog("h1");
    private final List<NatsHub> hubs = new ArrayList<>();
    private NatsServer nats;
    private NKey account;

    @BeforeEach
    void start() throws Exception {
        certificate();
        NKey operator = NKey.createOperator(new SecureRandom());
        NKey system = NKey.createAccount(new SecureRandom());
        account = NKey.createAccount(new SecureRandom());
        Path config = Files.writeString(
                folder.resolve("nats.conf"),
                """
                tls {cert_file: "%s", key_file: "%s"}
                operator: %s
                system_account: %s
                resolver: MEMORY
                resolver_preload: {%s: %s, %s: %s}
                """.formatted(
                                folder.resolve("server.pem"),
                                folder.resolve("server.key"),
                                jwt(operator, operator, "\"type\": \"operator\""),
                                id(system),
                                id(system),
                                jwt(operator, system, "\"type\": \"account\", \"limits\": {" + NO_LIMITS + "}"),
                                id(account),
                                jwt(
                                        operator,
                                        account,
                                        "\"type\": \"account\", \"limits\": {" + NO_LIMITS
                                                + ", \"mem_storage\": -1, \"disk_storage\": -1, \"streams\": -1, \"consumer\": -1}")));
        nats = NatsServer.start(folder.resolve("jetstream"), "-c", config.toString());
    }

    @AfterEach
    void close() {
        hubs.forEach(NatsHub::close);
        fleet.close();
        if (nats != null) {
            nats.close();
        }
    }

    /** Names localhost and nothing else; it is its own authority. */
    private void certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve("server.p12");
        assertThat(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "nats",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "changeit",
                                "-keystore",
                                store.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        pem(
                "server.key",
                "PRIVATE KEY",
                keys.getKey("nats", "changeit".toCharArray()).getEncoded());
        pem("server.pem", "CERTIFICATE", keys.getCertificate("nats").getEncoded());
    }

    private void pem(String file, String what, byte[] content) throws IOException {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + what + "-----\n");
    }

    private static String id(NKey key) throws GeneralSecurityException, IOException {
        return new String(key.getPublicKey());
    }

    private static String jwt(NKey by, NKey of, String claims) throws GeneralSecurityException, IOException {
        return JwtUtils.issueJWT(
                by,
                id(of),
                id(of),
                null,
                JwtUtils.currentTimeSeconds(),
                id(by),
                () -> "{" + claims + ", \"version\": 2}");
    }

    /** As {@code nsc generate creds} writes it. */
    private String credentials(NKey by) throws GeneralSecurityException, IOException {
        NKey user = NKey.createUser(new SecureRandom());
        return Files.writeString(
                        folder.resolve(id(user) + ".creds"),
                        "-----BEGIN NATS USER JWT-----\n" + JwtUtils.issueUserJWT(by, id(by), id(user))
                                + "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n"
                                + new String(user.getSeed()) + "\n------END USER NKEY SEED------\n")
                .toString();
    }

    private NatsSettings settings(String host, String credentials) {
        return new NatsSettings(
                List.of("tls://" + host + ":" + nats.port),
                credentials,
                folder.resolve("server.pem").toString(),
                "verge");
    }

    private NatsHub hub(NatsSettings settings, SyncServer server) {
        NatsHub hub = await(NatsHub.open(fleet.vertx, settings, SMALL, server, log));
        hubs.add(hub);
        return hub;
    }

    @Test
    void whoHasCredentialsComesInAndNobodyTellsThemToAServerOfAnotherName() throws Exception {
        SyncServer server = fleet.serve(log);
        NatsHub misled = hub(settings("127.0.0.1", credentials(account)), server);
        NatsHub stranger = hub(settings("localhost", credentials(NKey.createAccount(new SecureRandom()))), server);
        NatsSettings good = settings("localhost", credentials(account));
        NatsHub hub = hub(good, server);
        log.commit(Map.of("site/default/shop", site("shop", "one")));
        RecordingApplier applier = new RecordingApplier();
        SyncClient client = fleet.open(fleet.options("n1", folder.resolve("n1")), applier, NatsCarrier.with(good));
        await(client.caughtUp());
        long last = log.commit(Map.of("site/default/shop", site("shop", "two")));
        until("the last ack", () -> server.nodes().ackedAt("n1", last).isPresent());

        assertThat(applier.inForce()).containsEntry("site/default/shop", site("shop", "two"));
        assertThat(hub.connected()).isTrue();
        assertThat(hub.sessions()).isEqualTo(1);
        until("the stream", () -> hub.published() == last);
        assertThat(hub.messages()).isEqualTo(last);
        assertThat(hub.breaks()).isZero();
        assertThat(misled.connected()).as("a server of another name").isFalse();
        assertThat(stranger.connected()).as("credentials of nobody").isFalse();
    }
}
