package dev.verge.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/2 connection of a client, frame by frame. */
final class Http2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    /** A frame that was received. {@code payload} is empty for the one that stands for the connection's end. */
    record Frame(int type, int flags, int stream, Buffer payload) {
        boolean last() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        String text() {
            return payload.toString(StandardCharsets.ISO_8859_1);
        }

        int number(int at) {
            return payload.getInt(at);
        }
    }

    Http2Wire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0);
    }

    Http2Wire frame(int type, int flags, int stream, byte... payload) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(9 + payload.length)
                        .put((byte) (payload.length >> 16))
                        .putShort((short) payload.length)
                        .put((byte) type)
                        .put((byte) flags)
                        .putInt(stream)
                        .put(payload)
                        .array());
        return this;
    }

    /** Fields as name, value, name, value, …: literal ones, which need no state. */
    Http2Wire headers(int stream, boolean last, String... fields) throws IOException {
        return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, encoded(fields));
    }

    private static byte[] encoded(String... fields) {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** GET of the site {@code a.example}. */
    Http2Wire get(int stream, String path) throws IOException {
        return headers(stream, true, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "a.example");
    }

    Http2Wire data(int stream, boolean last, String text) throws IOException {
        return frame(DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next frame of that type; the end of the connection as one of type -1. */
    Frame next(int type) throws IOException {
        while (true) {
            Frame frame = next();
            if (frame.type() == type || frame.type() < 0) {
                return frame;
            }
        }
    }

    Frame next() throws IOException {
        try {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            Buffer payload = Buffer.buffer(in.readNBytes(lengthAndType >>> 8));
            if ((lengthAndType & 0xff) == SETTINGS && (flags & 1) == 0) {
                frame(SETTINGS, 1, 0);
            }
            return new Frame(lengthAndType & 0xff, flags, stream, payload);
        } catch (EOFException | SocketException ended) {
            return new Frame(-1, 0, 0, Buffer.buffer());
        }
    }

    /** The fields of a HEADERS frame; each one that comes must be decoded, in order. */
    Map<String, String> fields(Frame headers) throws IOException {
        ByteBuf block = Unpooled.wrappedBuffer(headers.payload().getBytes());
        if ((headers.flags() & PRIORITY) != 0) {
            block.skipBytes(PRIORITY_BYTES);
        }
        Http2Headers decoded;
        try {
            decoded = hpack.decodeHeaders(headers.stream(), block);
        } catch (Http2Exception unreadable) {
            throw new IOException(unreadable);
        }
        Map<String, String> fields = new TreeMap<>();
        decoded.forEach(
                field -> fields.put(field.getKey().toString(), field.getValue().toString()));
        return fields;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
