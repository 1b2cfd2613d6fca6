package dev.verge.sync.nats;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How NATS servers are reached; off without servers. The same at nodes and control planes. */
public record NatsSettings(
        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription(
                "NATS servers (tls://HOST:PORT; nats://HOST:PORT on loopback only), tried in any order; empty: NATS is not used.")
        @Size(max = 16)
        List<String> servers,

        @Nullable
        @JsonPropertyDescription(
                "File that shows who this is to NATS: a .creds file of nsc, or one line USER:PASSWORD, or one line with a token.")
        @Size(min = 1, max = 4096)
        String credentials,

        @Nullable
        @JsonPropertyDescription(
                "PEM file with the authorities that may have signed the servers' certificates; the platform's when absent.")
        @Size(min = 1, max = 4096)
        String ca,

        @JsonProperty(defaultValue = "verge")
        @JsonPropertyDescription(
                "First part of every subject, and of the names of the stream and the object store: one for each installation.")
        @Pattern(
                regexp = "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?",
                message = "1 to 32 lower-case letters, digits and hyphens")
        String subjectPrefix) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** NATS is not used. */
    public static final NatsSettings OFF = new NatsSettings(List.of(), null, null, "verge");

    public NatsSettings {
        servers = List.copyOf(servers);
        for (String server : servers) {
            check(server);
        }
    }

    private static void check(String server) {
        URI url;
        try {
            url = URI.create(server);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("servers: \"" + server + "\" is no URL; write tls://HOST:PORT", e);
        }
        boolean plain = "nats".equals(url.getScheme());
        if (url.getHost() == null || (!plain && !"tls".equals(url.getScheme()))) {
            throw new IllegalArgumentException("servers: \"" + server + "\" is no NATS server; write tls://HOST:PORT");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("servers: \"" + url.getScheme() + "://***@" + url.getHost()
                    + "\" holds a password; write it into a file and name that in credentials");
        }
        if (plain && !LOOPBACK.contains(url.getHost())) {
            throw new IllegalArgumentException("servers: \"" + server
                    + "\" would send credentials in the clear; use tls://, nats:// is for loopback only");
        }
    }

    /** Whether NATS is used. */
    public boolean on() {
        return !servers.isEmpty();
    }
}
