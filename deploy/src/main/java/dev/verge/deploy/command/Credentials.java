package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which control plane, and as whom: from the environment, else from what {@code verge login} kept.
 *
 * @param api its address
 * @param token never printed
 */
record Credentials(URI api, String token) {
    private static final String FILE = "credentials.json";
    private static final URI DEFAULT_API = URI.create("http://127.0.0.1:8900");

    /** @throws CommandFailure when no token is known for the address */
    static Credentials find(Environment environment) {
        Map<String, String> variables = environment.variables();
        Optional<Credentials> kept = kept(environment);
        String api = variables.getOrDefault("VERGE_API", "");
        URI address = api.isEmpty() ? kept.map(Credentials::api).orElse(DEFAULT_API) : address(api);
        String token = variables.getOrDefault("VERGE_TOKEN", "");
        String tokenFile = variables.getOrDefault("VERGE_TOKEN_FILE", "");
        if (token.isEmpty() && !tokenFile.isEmpty()) {
            token = TextFile.read(environment, Path.of(tokenFile)).strip();
        }
        if (token.isEmpty()) {
            // A kept token goes to the address it was kept for and to no other.
            token = kept.filter(known -> known.api().equals(address))
                    .map(Credentials::token)
                    .orElseThrow(() -> CommandFailure.failed("no token for " + address + "; run `verge login " + address
                            + "`, or set VERGE_TOKEN or VERGE_TOKEN_FILE"));
        }
        return new Credentials(address, token);
    }

    /** A client that knows the control plane by the authorities in {@code VERGE_CA_FILE}, if it is set. */
    ApiClient client(Vertx vertx, Environment environment, @Nullable String account) {
        return ApiClient.create(vertx, api, token, account, web(environment));
    }

    /** How a control plane is reached and known. */
    static WebClientOptions web(Environment environment) {
        String authorities = environment.variables().getOrDefault("VERGE_CA_FILE", "");
        WebClientOptions web = new WebClientOptions();
        if (!authorities.isEmpty()) {
            String pem = TextFile.read(environment, Path.of(authorities));
            if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
                throw CommandFailure.wrongUsage("VERGE_CA_FILE: " + authorities + " holds no certificate in PEM");
            }
            web.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
        }
        return web;
    }

    static URI address(String written) {
        try {
            URI address = URI.create(written.replaceAll("/+$", ""));
            String scheme = address.getScheme();
            if (address.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
                return address;
            }
        } catch (IllegalArgumentException malformed) {
            // Said below.
        }
        throw CommandFailure.wrongUsage(
                written + " is no address of a control plane; write for example " + DEFAULT_API);
    }

    /** Keeps it in the user's config folder, readable to nobody else. */
    Path keep(Environment environment) throws IOException {
        Path folder = environment.configFolder();
        Files.createDirectories(folder);
        Path draft = folder.resolve(FILE + ".new");
        Files.deleteIfExists(draft);
        try {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException notPosix) {
            Files.createFile(draft);
        }
        Files.writeString(
                draft,
                new JsonObject().put("api", api.toString()).put("token", token).encodePrettily() + "\n");
        return Files.move(
                draft, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Credentials> kept(Environment environment) {
        Path file = environment.configFolder().resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonObject kept = new JsonObject(TextFile.read(environment, file));
            return Optional.of(new Credentials(address(kept.getString("api", "")), kept.getString("token", "")));
        } catch (DecodeException | ClassCastException broken) {
            throw CommandFailure.failed(file + " is damaged; run `verge login` again");
        }
    }

    @Override
    public String toString() {
        return "Credentials[api=" + api + "]";
    }
}
