package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.control.store.CannotStart;
import dev.verge.sync.certificate.CertificateChain;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS of the one port. */
public record ServerTls(
        @Nullable
        @JsonPropertyDescription(
                "File with the certificate and those between it and an authority, PEM, its own first. The last one's fingerprint is"
                        + " told with node tokens, for nodes to believe this control plane by.")
        @Size(min = 1, max = 4096)
        String certificateFile,

        @Nullable @JsonPropertyDescription("File with its private key, PEM (PKCS#8).") @Size(min = 1, max = 4096)
        String keyFile) {

    /** Clear text. */
    public static final ServerTls NONE = new ServerTls(null, null);

    public ServerTls {
        if ((certificateFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException("keyFile: certificateFile and keyFile go together; set both or none");
        }
    }

    /** SHA-256 of the last certificate of the chain in hex; null without TLS. */
    @Nullable
    String fingerprint() {
        if (certificateFile == null) {
            return null;
        }
        try {
            List<X509Certificate> chain = CertificateChain.certificates(Files.readString(Path.of(certificateFile)));
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(chain.getLast().getEncoded()));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new CannotStart("tls.certificateFile: " + certificateFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    void apply(HttpServerOptions options) {
        if (certificateFile != null && keyFile != null) {
            options.setSsl(true)
                    .setKeyCertOptions(
                            new PemKeyCertOptions().addCertPath(certificateFile).addKeyPath(keyFile));
        }
    }
}
