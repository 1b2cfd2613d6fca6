package dev.verge.node.tls;

import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.certificate.PrivateKeys;
import dev.verge.sync.log.CertificateEntry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A certificate of the log, ready to serve with. Equal when nothing about it has changed. */
public final class ServedCertificate {
    private final String account;
    private final String name;
    private final String chainText;
    private final CertificateChain chain;
    private final PrivateKey key;
    private final Set<String> names;
    private final String id;

    private ServedCertificate(CertificateEntry entry) {
        account = entry.account();
        name = entry.name();
        chainText = entry.chain();
        chain = CertificateChain.parse(chainText);
        key = PrivateKeys.parse(entry.privateKey().reveal(), chain.leaf().getPublicKey());
        names = Set.copyOf(chain.names());
        id = scope() + "#" + hash(entry.chain() + entry.privateKey().reveal());
    }

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException saying in one line why it cannot be served
     */
    public static ServedCertificate of(CertificateEntry entry) {
        return new ServedCertificate(entry);
    }

    public String account() {
        return account;
    }

    public String name() {
        return name;
    }

    /** {@code ACCOUNT/NAME}. */
    public String scope() {
        return account + "/" + name;
    }

    public CertificateChain chain() {
        return chain;
    }

    PrivateKey key() {
        return key;
    }

    /** The same for connections in which the node is the client. */
    public KeyCertOptions forClient() {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(chainText))
                .addKeyValue(Buffer.buffer(PrivateKeys.pem(key)));
    }

    /** Whether it is for a canonical host. */
    public boolean covers(String host) {
        return CertificateChain.covers(names, host);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServedCertificate that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return scope();
    }
}
