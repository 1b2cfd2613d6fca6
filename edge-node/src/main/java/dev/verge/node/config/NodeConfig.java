package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.Cidr;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Everything one node process is started with (its {@code node.yaml}). Immutable; a change needs a restart of the node, which keeps
 * its cache and its last good configuration.
 */
public record NodeConfig(
        @JsonPropertyDescription("Name of this node, unique in the installation; the node token was made for it.")
        @Pattern(regexp = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?")
        String node,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Clear-text edge port: HTTP/1.1, and HTTP/2 with prior knowledge.")
        Http http,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("TLS edge port: HTTP/1.1 and HTTP/2 by ALPN, HTTP/3 where it is switched on.")
        Https https,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Administration port, loopback only.")
        Admin admin,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("A separate port for probes and scrapes from other machines, off unless set.")
        Health health,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("The control plane that this node takes its configuration from.")
        ControlPlaneLink controlPlane,

        @JsonPropertyDescription("Folder that this node alone owns: cache, last good configuration, own certificate.")
        @Size(min = 1, max = 4096)
        String data,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Bounds of the two cache tiers.")
        CacheSize cache,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What functions may use of this machine.")
        Functions functions,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Where clients are.")
        Geo geo,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Networks that origins and functions may reach besides public addresses.")
        Networks networks,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Resolution of names.")
        Names dns,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Ports under which the world reaches this node, where they differ from the ones it listens on.")
        PublicPorts publicPorts,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription(
                "Networks (CIDR) of proxies in front of this node whose X-Forwarded-*, Forwarded, X-Request-Id, traceparent"
                        + " and tracestate fields are believed.")
        @Size(max = 1024)
        List<Cidr> trustedProxies,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Bounds on what clients may send and hold.")
        Limits limits,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How this node follows the configuration log.")
        Sync sync,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("The log of finished requests.")
        AccessLogConfig accessLog,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Traces of requests, for OpenTelemetry.")
        TracingConfig tracing,

        @JsonProperty(defaultValue = "2500ms")
        @JsonPropertyDescription(
                "How long the node practises with requests of its own, so that its code is compiled before it says that it is ready. It"
                        + " serves whoever asks meanwhile. 0s: not at all.")
        @DurationMin(millis = 0)
        @DurationMax(seconds = 60)
        Duration warmUp,

        @Nullable
        @JsonPropertyDescription(
                "Region of this node, shown in metrics. Which sites it serves is decided by the region of its token.")
        @Size(max = 64)
        String region,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription(
                "Node groups of this node, for its own information: which sites it serves is decided by the groups of its token.")
        @Size(max = 64)
        List<String> groups) {

    public NodeConfig {
        trustedProxies = List.copyOf(trustedProxies);
        groups = List.copyOf(groups);
    }

    /** Countries of clients. */
    public record Geo(
            @Nullable
            @JsonPropertyDescription(
                    "File in the MaxMind DB format with countries (GeoLite2-Country.mmdb), at most 256 MiB, read into memory and"
                            + " again within seconds after it is replaced. Without one, no client's country is known.")
            @Size(min = 1, max = 4096)
            String database) {}

    /** The clear-text listener. */
    public record Http(
            @JsonProperty(defaultValue = "0.0.0.0:8080")
            @JsonPropertyDescription("Address and port (HOST:PORT, [V6]:PORT; port 0 takes a free one).")
            ListenAddress listen,

            @JsonProperty(defaultValue = "{}")
            @JsonPropertyDescription("Peers that name their clients in a PROXY header.")
            ProxyProtocol proxyProtocol) {}

    /** The TLS listener. */
    public record Https(
            @JsonProperty(defaultValue = "0.0.0.0:8443")
            @JsonPropertyDescription("Address and port (HOST:PORT, [V6]:PORT; port 0 takes a free one).")
            ListenAddress listen,

            @JsonProperty(defaultValue = "{}")
            @JsonPropertyDescription("Peers that name their clients in a PROXY header.")
            ProxyProtocol proxyProtocol,

            @JsonProperty(defaultValue = "false")
            @JsonPropertyDescription(
                    "Whether HTTP/3 is spoken too: on the UDP port of the same number, which Alt-Svc tells clients of.")
            boolean http3) {}

    /** Who speaks the PROXY protocol to a port. */
    public record ProxyProtocol(
            @JsonProperty(defaultValue = "[]")
            @JsonPropertyDescription(
                    "Networks (CIDR) of load balancers that begin every connection with a PROXY header, version 1 or 2: one of"
                            + " theirs without a header is closed. From others the header is not accepted.")
            @Size(max = 1024)
            List<Cidr> from) {
        public ProxyProtocol {
            from = List.copyOf(from);
        }
    }

    /** The administration listener. */
    public record Admin(
            @JsonProperty(defaultValue = "127.0.0.1:9100")
            @JsonPropertyDescription("Loopback address and port of /healthz, /readyz, /metrics, /config and /drain.")
            ListenAddress listen) {
        public Admin {
            if (!listen.isLoopback()) {
                throw new IllegalArgumentException("listen: \"" + listen
                        + "\" can be reached from other machines; use a loopback address such as 127.0.0.1:9100, and"
                        + " health.listen for probes");
            }
        }
    }

    /** The probe listener: {@code /healthz}, {@code /readyz} and {@code /metrics} only. */
    public record Health(
            @Nullable @JsonPropertyDescription("Address and port for probes from other machines; off when absent.")
            ListenAddress listen) {}

    /** Where configuration comes from. Without URLs the node serves what its data folder holds. */
    public record ControlPlaneLink(
            @JsonProperty(defaultValue = "[]")
            @JsonPropertyDescription(
                    "Base URLs of control-plane replicas, tried in turn. Plain http only for loopback addresses.")
            @Size(max = 16)
            List<String> urls,

            @Nullable
            @JsonPropertyDescription(
                    "Token of this node, made by POST /v1/node-tokens; exchanged once for keys that the node makes and keeps in its data"
                            + " folder, and of no use afterwards. Never shown by /config.")
            @Size(min = 1, max = 4096)
            String token,

            @Nullable
            @JsonPropertyDescription("File that holds the token instead; it may be gone once the token was exchanged.")
            @Size(min = 1, max = 4096)
            String tokenFile,

            @Nullable
            @JsonPropertyDescription(
                    "SHA-256 of the control plane's certificate, or of an authority's that it shows, in hex; needed where no public"
                            + " authority has signed it.")
            @Pattern(regexp = "([0-9a-fA-F]{2}:?){32}", message = "a SHA-256 in hex")
            String fingerprint,

            @Nullable
            @JsonPropertyDescription(
                    "Public key that what the control plane sends must be signed with, as POST /v1/node-tokens tells it; later keys"
                            + " are believed when those before vouch for them. Without it the node believes the key that it is shown"
                            + " when its token is exchanged.")
            @Pattern(regexp = "[A-Za-z0-9+/]{43}=", message = "32 bytes in base64")
            String signingKey) {
        public ControlPlaneLink {
            urls = List.copyOf(urls);
            if (token != null && tokenFile != null) {
                throw new IllegalArgumentException("tokenFile: stands beside token; write one of them");
            }
        }

        @Override
        public String toString() {
            return "ControlPlaneLink[urls=" + urls + ", token=" + (token == null ? "none" : "***") + "]";
        }
    }
}
