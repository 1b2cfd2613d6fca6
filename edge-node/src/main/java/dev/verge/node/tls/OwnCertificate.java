package dev.verge.node.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * The certificate a node makes for itself at its first start and keeps: it answers where no site has a certificate of its own.
 * Clients cannot verify it; it is there so that the TLS port works from the first minute.
 *
 * @param chain PEM file of the certificate
 * @param key PEM file (PKCS#8) of its private key, readable by the node's user alone
 */
public record OwnCertificate(Path chain, Path key) {
    /** Its folder in a node's data folder. */
    public static final String FOLDER = "tls";

    private static final Duration REMAKE_BEFORE_END = Duration.ofDays(30);

    /**
     * The certificate in the folder, made anew when there is none, when it cannot be read, or when it ends within 30 days. Blocks:
     * reads and writes files.
     */
    public static OwnCertificate in(Path folder, Instant now) throws IOException {
        OwnCertificate own = new OwnCertificate(folder.resolve("node.crt"), folder.resolve("node.key"));
        if (!own.isUsable(now)) {
            Files.createDirectories(folder);
            SelfMade.write(own, now);
        }
        return own;
    }

    private boolean isUsable(Instant now) throws IOException {
        if (!Files.isReadable(chain) || !Files.isReadable(key)) {
            return false;
        }
        try (var in = Files.newInputStream(chain)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return certificate.getNotAfter().toInstant().isAfter(now.plus(REMAKE_BEFORE_END));
        } catch (CertificateException e) {
            return false;
        }
    }
}
