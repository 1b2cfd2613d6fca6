package dev.verge.node.practice;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How a server on this machine is reached.
 *
 * @param secure over TLS; any certificate will do, since nothing said here is worth reading
 */
public record Way(int port, boolean secure, boolean http2) {
    private static final int LONGEST_SILENCE_MILLIS = 10_000;

    Talk open(Socket socket, String host) throws IOException {
        String authority = host + ":" + port;
        return http2 ? new Http2Talk(socket, secure ? "https" : "http", authority) : new Http1Talk(socket, authority);
    }

    /** A connection. Blocks. */
    Socket connect(String host) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
        if (!secure) {
            return socket;
        }
        try {
            return secured(socket, host);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private Socket secured(Socket socket, String host) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            SSLSocket over = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
            SSLParameters parameters = over.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {http2 ? "h2" : "http/1.1"});
            over.setSSLParameters(parameters);
            over.startHandshake();
            return over;
        } catch (GeneralSecurityException missing) {
            throw new IOException(missing);
        }
    }
}
