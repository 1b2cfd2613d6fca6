package dev.verge.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection whose answers are read up to that of a request sent last, or to its end. */
final class EquivalenceClient implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n");

    private final Socket socket;
    boolean ended;

    EquivalenceClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** @param mark of the request to send last; null when the answers end with the connection */
    String exchange(String bytes, @Nullable String mark) {
        String last = mark == null ? "" : "GET /private?" + mark + " HTTP/1.1\r\nHost: shop.test\r\n\r\n";
        var read = new Bytes();
        try {
            socket.getOutputStream().write((bytes + last).getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            byte[] end = ("end of " + mark + ".").getBytes(StandardCharsets.ISO_8859_1);
            byte[] piece = new byte[1 << 16];
            while (true) {
                int count = in.read(piece);
                if (count < 0) {
                    ended = true;
                    break;
                }
                read.write(piece, 0, count);
                if (mark != null && read.endWith(end)) {
                    break;
                }
            }
        } catch (SocketException reset) {
            ended = true;
        } catch (IOException e) {
            throw new AssertionError("after " + read.size() + " bytes: " + e + " to " + bytes, e);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    /** The answer to one request, sent in one piece; its end is known by its length. */
    String one(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) byteRead());
            }
            String fields = head.toString().toLowerCase(Locale.ROOT);
            boolean empty =
                    bytes.startsWith("HEAD") || fields.startsWith("http/1.1 304") || fields.startsWith("http/1.1 204");
            Matcher length = LENGTH.matcher(fields);
            StringBuilder content = new StringBuilder();
            if (!empty && length.find()) {
                byte[] whole = socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
                content.append(new String(whole, StandardCharsets.ISO_8859_1));
            } else if (!empty) {
                while (!content.toString().endsWith("\r\n0\r\n\r\n")) {
                    content.append((char) byteRead());
                }
            }
            return head.append(content).toString();
        } catch (IOException e) {
            throw new AssertionError("to " + bytes, e);
        }
    }

    private int byteRead() throws IOException {
        int next = socket.getInputStream().read();
        if (next < 0) {
            throw new IOException("the connection ended");
        }
        return next;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Bytes extends ByteArrayOutputStream {
        boolean endWith(byte[] end) {
            return count >= end.length && Arrays.equals(buf, count - end.length, count, end, 0, end.length);
        }
    }
}
