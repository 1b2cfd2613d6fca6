package dev.verge.sync.client;

import dev.verge.sync.crypto.Statement;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Believes a server by the SHA-256 of a certificate. If it is that of the server itself, nothing else is asked; if it is that of an
 * authority in the chain, the chain up to it and the server's name must hold (RFC 5280 §6, RFC 9525).
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final String fingerprint;

    /** @param fingerprint SHA-256 of a certificate in hex, colons allowed */
    PinnedTrust(String fingerprint) {
        this.fingerprint = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    }

    private boolean matches(X509Certificate certificate) throws CertificateException {
        return HexFormat.of()
                .formatHex(Statement.sha256().digest(certificate.getEncoded()))
                .equals(fingerprint);
    }

    /** The authority to check the chain by; null when the server's own certificate is the pinned one. */
    private @Nullable X509ExtendedTrustManager authority(X509Certificate[] chain) throws CertificateException {
        if (matches(chain[0])) {
            return null;
        }
        for (X509Certificate certificate : chain) {
            if (matches(certificate)) {
                return under(certificate);
            }
        }
        throw new CertificateException("no certificate of the control plane has the fingerprint " + fingerprint);
    }

    private static X509ExtendedTrustManager under(X509Certificate authority) throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("pinned", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager believes) {
                    return believes;
                }
            }
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new CertificateException(e);
        }
        throw new CertificateException("the platform validates no certificates");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        X509ExtendedTrustManager by = authority(chain);
        if (by != null) {
            by.checkServerTrusted(chain, type);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        X509ExtendedTrustManager by = authority(chain);
        if (by != null) {
            by.checkServerTrusted(chain, type, socket);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        X509ExtendedTrustManager by = authority(chain);
        if (by != null) {
            by.checkServerTrusted(chain, type, engine);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("no client is believed here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        throw new CertificateException("no client is believed here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no client is believed here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
