package dev.verge.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An origin on raw sockets that answers once it has a whole request, with what it got: the head with names in lower case, an empty
 * line, the content. A request that ends before its framing says so is only counted.
 */
final class WholeOrigin implements AutoCloseable {
    /** Whole requests, in the order of their ends. */
    final List<String> whole = new CopyOnWriteArrayList<>();

    /** Heads that came. */
    final AtomicInteger begun = new AtomicInteger();

    /** Requests whose heads came and whose content did not. */
    final AtomicInteger broken = new AtomicInteger();

    private final ServerSocket server;

    WholeOrigin() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            for (String first = line(in); first != null; first = line(in)) {
                answer(in, socket.getOutputStream(), first);
            }
        } catch (IOException cut) {
            broken.set(begun.get() - whole.size());
        }
    }

    private void answer(InputStream in, OutputStream out, String requestLine) throws IOException {
        StringBuilder got = new StringBuilder(requestLine).append('\n');
        int length = 0;
        boolean chunked = false;
        for (String line = needed(in); !line.isEmpty(); line = needed(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            got.append(name).append(line, colon, line.length()).append('\n');
            if (name.equals("content-length")) {
                length = Integer.parseInt(line.substring(colon + 1).strip());
            }
            chunked |= name.equals("transfer-encoding");
        }
        begun.incrementAndGet();
        got.append('\n').append(chunked ? chunks(in) : bytes(in, length));
        whole.add(got.toString());
        byte[] content = got.toString().getBytes(StandardCharsets.ISO_8859_1);
        RawOrigin.write(
                out, "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: " + content.length + "\r\n\r\n");
        if (!requestLine.startsWith("HEAD ")) {
            out.write(content);
            out.flush();
        }
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder content = new StringBuilder();
        for (int size = size(in); size > 0; size = size(in)) {
            content.append(bytes(in, size));
            needed(in);
        }
        for (String line = needed(in); !line.isEmpty(); line = needed(in)) {
            content.append('\n').append(line);
        }
        return content.toString();
    }

    private static int size(InputStream in) throws IOException {
        String line = needed(in);
        if (!line.matches("[0-9a-fA-F]{1,8}")) {
            throw new IOException("no chunk size: " + line);
        }
        return Integer.parseInt(line, 16);
    }

    private static String bytes(InputStream in, int length) throws IOException {
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new IOException("cut short");
        }
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static String needed(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new IOException("cut short");
        }
        return line;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new IOException("cut short");
                }
                return null;
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
