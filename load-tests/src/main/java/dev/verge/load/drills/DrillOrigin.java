package dev.verge.load.drills;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An origin over raw sockets that can be told to misbehave between two requests. */
final class DrillOrigin implements AutoCloseable {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\n";
    private static final String GOOD = HEAD + "Content-Length: 4\r\n\r\ngood";
    private static final int LINGER_OFF = 0;

    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Behaviour behaviour = Behaviour.GOOD;
    private volatile @Nullable ServerSocket server;

    /** What an origin does with a request. */
    enum Behaviour {
        GOOD,
        REFUSE,
        RESET,
        RESET_IN_HEAD,
        RESET_IN_BODY,
        HANG,
        HANG_IN_BODY,
        DRIP,
        TOO_SHORT,
        TOO_LONG,
        HALF_CHUNKED,
        GARBAGE,
        TWO_LENGTHS,
        UNAVAILABLE
    }

    DrillOrigin() {
        try {
            ServerSocket first = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
            port = first.getLocalPort();
            begin(first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Changes what it does; connections that are open are reset when it refuses from now on. */
    void behave(Behaviour next) {
        behaviour = next;
        try {
            ServerSocket now = server;
            if (next == Behaviour.REFUSE && now != null) {
                server = null;
                now.close();
                for (Socket socket : open) {
                    reset(socket);
                }
            } else if (next != Behaviour.REFUSE && now == null) {
                ServerSocket again = new ServerSocket();
                again.setReuseAddress(true);
                again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
                begin(again);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin(ServerSocket listening) {
        server = listening;
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    open.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (readHead(in) && answer(socket, behaviour)) {
                // The next request.
            }
        } catch (IOException gone) {
            // The other side went away, which is part of a drill.
            open.remove(socket);
        } finally {
            open.remove(socket);
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        int ends = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                if (++ends == 2) {
                    return true;
                }
            } else if (b != '\r') {
                ends = 0;
            }
        }
        return false;
    }

    /** Whether the connection goes on. */
    private static boolean answer(Socket socket, Behaviour behaviour) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (behaviour) {
            case GOOD -> {
                write(out, GOOD);
                return true;
            }
            case UNAVAILABLE -> {
                write(out, "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n");
                return true;
            }
            case TOO_LONG -> {
                write(out, GOOD + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                return true;
            }
            case DRIP -> {
                write(out, HEAD + "Content-Length: 4\r\n\r\n");
                for (int i = 0; i < 4; i++) {
                    LockSupport.parkNanos(100_000_000);
                    write(out, "d");
                }
                return true;
            }
            case REFUSE, RESET -> reset(socket);
            case RESET_IN_HEAD -> {
                write(out, HEAD);
                reset(socket);
            }
            case RESET_IN_BODY -> {
                write(out, HEAD + "Content-Length: 100\r\n\r\nhalf");
                LockSupport.parkNanos(5_000_000);
                reset(socket);
            }
            case HANG -> LockSupport.parkNanos(5_000_000_000L);
            case HANG_IN_BODY -> {
                write(out, HEAD + "Content-Length: 100\r\n\r\nhalf");
                LockSupport.parkNanos(5_000_000_000L);
            }
            case TOO_SHORT -> write(out, HEAD + "Content-Length: 100\r\n\r\nshort");
            case HALF_CHUNKED -> write(out, HEAD + "Transfer-Encoding: chunked\r\n\r\n40\r\nhalf");
            case GARBAGE -> write(out, "no HTTP at all\r\n\r\n");
            case TWO_LENGTHS -> write(out, HEAD + "Content-Length: 4\r\nContent-Length: 5\r\n\r\ngood!");
        }
        return false;
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, LINGER_OFF);
        socket.close();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() {
        behave(Behaviour.REFUSE);
    }
}
