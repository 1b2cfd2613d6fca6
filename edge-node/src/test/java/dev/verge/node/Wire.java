package dev.verge.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of a client: bytes out, answers in by their own framing. */
final class Wire implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 15_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer: its status, its head with names in lower case, its content. */
    record Reply(int status, String head, String content) {}

    Wire(int port) {
        this(connect(port));
    }

    Wire(Socket connected) {
        try {
            socket = connected;
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Socket connect(int port) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Wire send(String latin1) {
        try {
            RawOrigin.write(socket.getOutputStream(), latin1);
        } catch (SocketException reset) {
            // The node may have had enough already; what it answered is still to be read.
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** Ends this side of the connection. */
    Wire end() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return this;
    }

    /** The next answer; interim ones count. */
    Reply reply() {
        try {
            StringBuilder head = new StringBuilder();
            String first = line();
            int length = 0;
            boolean chunked = false;
            for (String line = line(); !line.isEmpty(); line = line()) {
                String lower = line.toLowerCase(Locale.ROOT);
                head.append(lower).append('\n');
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
                chunked |= lower.startsWith("transfer-encoding:");
            }
            return new Reply(
                    Integer.parseInt(first.split(" ", -1)[1]), head.toString(), chunked ? chunks() : bytes(length));
        } catch (IOException e) {
            throw new AssertionError("no answer: " + e, e);
        }
    }

    private String chunks() throws IOException {
        StringBuilder content = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            content.append(bytes(size));
            line();
        }
        line();
        return content.toString();
    }

    private String bytes(int length) throws IOException {
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new IOException("the answer is cut short");
        }
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the connection ended after \"" + line + "\"");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Whether the node closes the connection without another byte. */
    boolean closed() {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException silent) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
