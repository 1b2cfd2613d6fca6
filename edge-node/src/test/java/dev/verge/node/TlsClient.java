package dev.verge.node;

import dev.verge.node.TestAuthority.Issued;
import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.certificate.PrivateKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A client of the TLS port that believes every certificate and tells which one it saw. Its connections share sessions. */
final class TlsClient {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final int port;
    private final SSLContext context;

    TlsClient(int port) {
        this(port, null);
    }

    /** @param own certificate that is shown when the node asks for one */
    TlsClient(int port, @Nullable Issued own) {
        this.port = port;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys(own), new TrustManager[] {new Everybody()}, null);
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyManager[] keys(Issued own) throws GeneralSecurityException, IOException {
        CertificateChain chain = CertificateChain.parse(own.chain());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "own",
                PrivateKeys.parse(own.key(), chain.leaf().getPublicKey()),
                new char[0],
                chain.certificates().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    /** A connection whose handshake is done. */
    SSLSocket connect(@Nullable String serverName, String... protocols) throws IOException {
        return connect(serverName, List.of(), protocols);
    }

    SSLSocket connect(@Nullable String serverName, List<String> alpn, String... protocols) throws IOException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return over(plain, serverName, alpn, protocols);
    }

    /** The same over a connection that stands. */
    SSLSocket over(Socket plain, @Nullable String serverName, List<String> alpn, String... protocols)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, serverName == null ? "127.0.0.1" : serverName, port, true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    /** The name in the certificate that the node showed. */
    String shown(@Nullable String serverName) {
        try (SSLSocket socket = connect(serverName)) {
            return subject(socket);
        } catch (IOException e) {
            throw new AssertionError("no handshake for " + serverName + ": " + e, e);
        }
    }

    static String subject(SSLSocket socket) {
        try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer to a GET on a connection of its own. */
    Wire.Reply get(@Nullable String serverName, String host, String path, String... fields) {
        try (Wire wire = new Wire(connect(serverName))) {
            return ask(wire, host, path, fields);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + host + ": " + e, e);
        }
    }

    static Wire.Reply ask(Wire wire, String host, String path, String... fields) {
        StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return wire.send(head + "\r\n").reply();
    }

    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
