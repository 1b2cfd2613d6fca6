package dev.verge.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An origin that may leave HTTP, on raw sockets. Its answer is named by the path: {@code /echo} switches and sends back what comes, {@code
 * /hold} switches and leaves the rest to the test; the others do what no origin should.
 */
final class SwitchingOrigin implements AutoCloseable {
    final List<String> heads = new CopyOnWriteArrayList<>();
    final List<Socket> held = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    SwitchingOrigin() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The fields of the last request, names in lower case, a line each. */
    String last() {
        return heads.getLast();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                heads.add(head.toLowerCase(Locale.ROOT));
                String path = head.split(" ", -1)[1].split("\\?", 2)[0];
                if (!answer(path, head, socket, in, out)) {
                    return;
                }
            }
            socket.close();
        } catch (IOException gone) {
            // The node went away, as some tests want.
        }
    }

    /** Whether another request may follow. */
    private boolean answer(String path, String head, Socket socket, InputStream in, OutputStream out)
            throws IOException {
        String protocol = field(head, "upgrade");
        switch (path) {
            case "/echo", "/rewritten" -> {
                RawOrigin.write(out, switching(protocol, field(head, "sec-websocket-key")) + "hello from the origin\n");
                in.transferTo(out);
                socket.shutdownOutput();
                return false;
            }
            case "/hold" -> {
                // Before the answer, which is what tests wait for.
                held.add(socket);
                RawOrigin.write(out, switching(protocol, field(head, "sec-websocket-key")));
                return false;
            }
            case "/other" -> RawOrigin.write(out, switching("smtp"));
            case "/silent" -> RawOrigin.write(out, "HTTP/1.1 101 Switching Protocols\r\n\r\n");
            case "/unaccepted" -> RawOrigin.write(out, switching(protocol, "another key"));
            case "/coded" ->
                RawOrigin.write(
                        out,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            case "/unasked" -> RawOrigin.write(out, switching("websocket") + "raw");
            case "/no" -> {
                RawOrigin.write(out, "HTTP/1.1 403 No\r\nContent-Length: 2\r\nCache-Control: max-age=60\r\n\r\nno");
                return true;
            }
            default -> {
                // Content is not read: no other request may come behind it.
                RawOrigin.write(
                        out,
                        "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 8\r\nConnection: close\r\n\r\nordinary");
                socket.shutdownOutput();
            }
        }
        return false;
    }

    private static String switching(String protocol) {
        return switching(protocol, "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static String switching(String protocol, String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade, X-Hop\r\nX-Hop: 1\r\nUpgrade: " + protocol
                + "\r\nSec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String field(String head, String name) {
        for (String line : head.split("\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "none";
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\r') {
                head.append((char) b);
            }
            if (head.length() >= 2 && head.substring(head.length() - 2).equals("\n\n")) {
                return head.toString();
            }
        }
        return "";
    }

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
