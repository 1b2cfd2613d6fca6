package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How the site is served over TLS. */
public record TlsOptions(
        @JsonPropertyDescription(
                "Name of an uploaded certificate; the node's own when absent. With auto the control plane has one made for the"
                        + " site's hosts (ACME), and has it renewed.")
        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE)
        @Nullable
        String certificate,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Answer http requests with a redirect (308) to https.")
        boolean redirectHttp,

        @JsonProperty(defaultValue = "1.2") @JsonPropertyDescription("Oldest TLS version.")
        TlsVersion minVersion,

        @JsonPropertyDescription("Certificates that clients show; none are asked for when absent.") @Nullable
        ClientCertificates clientCertificates) {

    /** As a certificate's name: have one made by ACME. */
    public static final String AUTO = "auto";

    /** What the names of such certificates begin with; no upload has such a name. */
    public static final String AUTO_PREFIX = AUTO + "-";

    private static final int LONGEST_NAME = 63;

    private static final int DIGEST_CHARACTERS = 12;

    /** Whether the certificate is had by ACME. */
    public boolean isAuto() {
        return AUTO.equals(certificate);
    }

    /**
     * The name that a site's certificate is stored under; null for the node's own.
     *
     * @param site the site's name
     */
    public @Nullable String certificateOf(String site) {
        return isAuto() ? autoName(site) : certificate;
    }

    /** The name that a site's certificate by ACME is stored under: {@code auto-SITE}, or enough of it and a digest. */
    public static String autoName(String site) {
        String whole = AUTO_PREFIX + site;
        return whole.length() <= LONGEST_NAME
                ? whole
                : whole.substring(0, LONGEST_NAME - 1 - DIGEST_CHARACTERS) + "-" + digest(site);
    }

    private static String digest(String site) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(site.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Versions of TLS. */
    public enum TlsVersion {
        @JsonProperty("1.2")
        TLS_1_2,
        @JsonProperty("1.3")
        TLS_1_3
    }
}
