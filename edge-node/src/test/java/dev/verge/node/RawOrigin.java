package dev.verge.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An origin that does what no HTTP server would: each connection is handed to a script after the request's head was read. */
final class RawOrigin implements AutoCloseable {
    final List<String> heads = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** What to do with a connection. */
    interface Script {
        void run(Socket socket, OutputStream out) throws IOException;
    }

    /** The same, knowing what was asked. */
    private interface Handler {
        void run(String head, Socket socket, OutputStream out) throws IOException;
    }

    RawOrigin(Script script) {
        this((Handler) (head, socket, out) -> script.run(socket, out));
    }

    /** An origin that answers by the head of the request, both as Latin-1. */
    static RawOrigin answering(Function<String, String> answers) {
        return new RawOrigin((Handler) (head, socket, out) -> write(out, answers.apply(head)));
    }

    private RawOrigin(Handler handler) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().start(() -> accept(handler));
    }

    /** Reads to the next empty line, which ends a further request on a connection; false: it was closed. */
    static boolean another(InputStream in) throws IOException {
        int ends = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            ends = b == "\r\n\r\n".charAt(ends) ? ends + 1 : 0;
            if (ends == 4) {
                return true;
            }
        }
        return false;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Handler handler) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(handler, socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Handler handler, Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            heads.add(head.toString());
            handler.run(head.toString(), socket, socket.getOutputStream());
        } catch (IOException gone) {
            // The other side went away: that is what some of these tests are about.
            open.remove(socket);
        }
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
