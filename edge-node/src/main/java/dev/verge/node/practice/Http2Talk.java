package dev.verge.node.practice;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks over HTTP/2, known beforehand or agreed by ALPN (RFC 9113 §3). What the answer's fields say is not decoded, so the status is
 * not known: any answer that ends well counts as 200.
 */
final class Http2Talk implements Talk {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int WINDOW = 1 << 30;

    /** What is given back of the connection's window at a time. */
    private static final int SHARE = 1 << 20;

    private final String scheme;
    private final String authority;
    private final OutputStream out;
    private final Source in;
    private int stream = -1;
    private int taken;

    Http2Talk(Socket socket, String scheme, String authority) throws IOException {
        this.scheme = scheme;
        this.authority = authority;
        this.out = socket.getOutputStream();
        this.in = new Source(socket.getInputStream());
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        begin.write(PREFACE);
        frame(begin, SETTINGS, 0, 0, new byte[] {0, INITIAL_WINDOW_SIZE, WINDOW >>> 24, 0, 0, 0});
        out.write(begin.toByteArray());
        widen(WINDOW - 65_535);
    }

    private void widen(int bytes) throws IOException {
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        frame(update, WINDOW_UPDATE, 0, 0, number(bytes));
        out.write(update.toByteArray());
    }

    private static byte[] number(int value) {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }

    private static void frame(ByteArrayOutputStream into, int type, int flags, int id, byte[] content) {
        into.write(content.length >>> 16);
        into.write(content.length >>> 8);
        into.write(content.length);
        into.write(type);
        into.write(flags);
        into.writeBytes(number(id));
        into.writeBytes(content);
    }

    @Override
    public int ask(Visit visit, long number) throws IOException {
        stream += 2;
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        field(fields, ":method", visit.method());
        field(fields, ":scheme", scheme);
        field(fields, ":authority", authority);
        field(fields, ":path", visit.target(number));
        for (int i = 0; i < visit.fields().size(); i += 2) {
            field(fields, visit.fields().get(i), visit.fields().get(i + 1));
        }
        byte[] content = visit.content().getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        frame(request, HEADERS, END_HEADERS | (content.length == 0 ? END_STREAM : 0), stream, fields.toByteArray());
        if (content.length > 0) {
            frame(request, DATA, END_STREAM, stream, content);
        }
        out.write(request.toByteArray());
        return answer();
    }

    /** A literal without indexing and with a literal name (RFC 7541 §6.2.2); both below 127 bytes. */
    private static void field(ByteArrayOutputStream into, String name, String value) {
        into.write(0);
        text(into, name);
        text(into, value);
    }

    private static void text(ByteArrayOutputStream into, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > 126) {
            throw new IllegalArgumentException("longer than a prefix of seven bits tells: " + text);
        }
        into.write(bytes.length);
        into.writeBytes(bytes);
    }

    private int answer() throws IOException {
        while (true) {
            int length = in.octet() << 16 | in.octet() << 8 | in.octet();
            int type = in.octet();
            int flags = in.octet();
            int about = in.octet() << 24 | in.octet() << 16 | in.octet() << 8 | in.octet();
            in.skip(length);
            if (about != 0 && about != stream) {
                continue; // the end of an earlier one, which was answered before all of its content had been read
            }
            switch (type) {
                case DATA, HEADERS -> {
                    if (type == DATA) {
                        taken += length;
                        if (taken >= SHARE) {
                            widen(taken);
                            taken = 0;
                        }
                    }
                    if ((flags & END_STREAM) != 0) {
                        return 200;
                    }
                }
                case SETTINGS -> {
                    if ((flags & ACK) == 0) {
                        ByteArrayOutputStream ack = new ByteArrayOutputStream();
                        frame(ack, SETTINGS, ACK, 0, new byte[0]);
                        out.write(ack.toByteArray());
                    }
                }
                case RST_STREAM -> {
                    return 0;
                }
                case GOAWAY -> throw new IOException("the server goes away");
                default -> {}
            }
        }
    }
}
