package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One origin of a pool.
 *
 * @param url {@code http://HOST[:PORT]} or {@code https://HOST[:PORT]}, no path, query, fragment or user
 * @param weight share of the traffic relative to the pool's other origins
 * @param hostHeader what is sent as {@code Host}; null: what the pool says
 * @param tls how to speak TLS with it; null: {@link OriginTls#DEFAULT} for {@code https}
 * @param protocol HTTP version to speak
 */
public record Origin(
        @Size(min = 8, max = 512) @JsonPropertyDescription("http:// or https://, host and optional port; no path.")
        String url,

        @JsonProperty(defaultValue = "1")
        @Min(1)
        @Max(1000)
        @JsonPropertyDescription("Share of the traffic relative to the other origins of the pool.")
        int weight,

        @JsonProperty(defaultValue = "primary")
        @JsonPropertyDescription("A backup serves only when no primary is usable.")
        OriginRole role,

        @Size(max = 512)
        @JsonPropertyDescription("Host header sent to this origin; absent: as the pool says.")
        @Nullable
        String hostHeader,

        @JsonPropertyDescription("TLS towards an https origin.") @Nullable
        OriginTls tls,

        @JsonProperty(defaultValue = "http1")
        @JsonPropertyDescription(
                "HTTP version spoken: http1; auto (https: h2 if the origin offers it, else http1); h2 (https, h2 only); h2c (http, h2 with prior knowledge).")
        OriginProtocol protocol) {

    public Origin {
        URI uri = parse(url);
        if (tls != null && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "tls: applies to https origins only, and url is " + url + "; write https:// or remove tls");
        }
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        if (protocol == OriginProtocol.H2 && !https) {
            throw new IllegalArgumentException(
                    "protocol: h2 needs https, and url is " + url + "; write h2c or https://");
        }
        if (protocol == OriginProtocol.H2C && https) {
            throw new IllegalArgumentException("protocol: h2c is h2 without TLS, and url is " + url + "; write h2");
        }
        if (hostHeader != null && !HeaderText.isValue(hostHeader)) {
            throw new IllegalArgumentException("hostHeader: holds a control character; remove it");
        }
    }

    /** Whether this origin speaks TLS. */
    public boolean secure() {
        return url.regionMatches(true, 0, "https:", 0, 6);
    }

    /** Host name or address, lower case, IPv6 addresses without brackets. */
    public String host() {
        String host = parse(url).getHost().toLowerCase(Locale.ROOT);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Port, the scheme's own when the URL names none. */
    public int port() {
        int port = parse(url).getPort();
        return port >= 0 ? port : secure() ? 443 : 80;
    }

    /** The authority as written in the URL: host and, if named there, port. */
    public String authority() {
        return parse(url).getRawAuthority();
    }

    private static URI parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "url: \"" + url + "\" is not a URL; write http://HOST:PORT or https://HOST:PORT", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("url: \"" + url + "\" is not http or https; write http://HOST:PORT");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "url: \"" + url + "\" must name a host and no user; write http://HOST:PORT");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("url: \"" + url + "\" has no valid port; use 1 to 65535");
        }
        String path = uri.getRawPath();
        if ((path != null && !path.isEmpty() && !path.equals("/"))
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "url: \"" + url + "\" must end after host and port; use the pool's pathPrefix for a path");
        }
        return uri;
    }
}
