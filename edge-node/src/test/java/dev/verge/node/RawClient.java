package dev.verge.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly the bytes it is told to, and reads exactly what comes back. */
final class RawClient {
    private static final int TIMEOUT_MILLIS = 30_000;

    private RawClient() {}

    /** An answer as it stood on the wire, read as Latin-1: one character is one byte. */
    record Answer(int status, List<String> lines, String body) {
        /** The values of all lines of that name, joined; empty for none. */
        String field(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            List<String> values = new ArrayList<>();
            for (String line : lines) {
                if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    values.add(line.substring(prefix.length()).strip());
                }
            }
            return String.join(", ", values);
        }

        boolean hit() {
            return field("cache-status").contains("; hit");
        }
    }

    /** GET over a connection of its own. */
    static Answer get(int port, String host, String target, String... fieldLines) {
        return send(port, "GET " + target + " HTTP/1.1", host, fieldLines);
    }

    /** A request without content, on a connection of its own, answered to the end of the connection. */
    static Answer send(int port, String requestLine, String host, String... fieldLines) {
        StringBuilder head = new StringBuilder(requestLine).append("\r\nHost: ").append(host);
        for (String line : fieldLines) {
            head.append("\r\n").append(line);
        }
        return raw(port, head + "\r\nConnection: close\r\n\r\n");
    }

    /** Sends Latin-1 bytes as they are; the request asks to close the connection. */
    static Answer raw(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return parse(socket.getInputStream());
        } catch (IOException failed) {
            throw new AssertionError("no answer to " + request, failed);
        }
    }

    private static Answer parse(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no complete head: " + text);
        }
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        String rest = text.substring(end + 4);
        Answer answer =
                new Answer(Integer.parseInt(lines.getFirst().split(" ", -1)[1]), lines.subList(1, lines.size()), rest);
        return answer.field("transfer-encoding").equals("chunked")
                ? new Answer(answer.status(), answer.lines(), unchunked(rest))
                : answer;
    }

    private static String unchunked(String text) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line), 16);
            if (size == 0) {
                return body.toString();
            }
            body.append(text, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
