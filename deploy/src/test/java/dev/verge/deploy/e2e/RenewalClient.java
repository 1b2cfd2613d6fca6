package dev.verge.deploy.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Asks one thing over and over on raw connections, tries nothing twice, and fails with the first answer that is not 200. */
final class RenewalClient {
    private static final int ANSWER_MILLIS = 30_000;

    /** Between two requests: the processes that start meanwhile need processors, too. */
    private static final long PACE_NANOS = 2_000_000;

    private RenewalClient() {}

    /**
     * Begins to ask.
     *
     * @param keeps whether it uses a connection until it is told that it closes, or a new one each time
     * @return how many answers came until {@code over}
     */
    static CompletableFuture<Integer> start(int port, String path, boolean keeps, AtomicBoolean over) {
        return CompletableFuture.supplyAsync(
                () -> {
                    int answers = 0;
                    try {
                        while (!over.get()) {
                            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                                socket.setSoTimeout(ANSWER_MILLIS);
                                InputStream in = new BufferedInputStream(socket.getInputStream());
                                boolean open = true;
                                while (open && !over.get()) {
                                    open = ask(socket, in, path) && keeps;
                                    answers++;
                                    LockSupport.parkNanos(PACE_NANOS);
                                }
                            }
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(path + " after " + answers + " answers: " + e.getMessage(), e);
                    }
                    return answers;
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Returns whether the connection stays open. */
    private static boolean ask(Socket socket, InputStream in, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + status);
        }
        long length = 0;
        boolean chunked = false;
        boolean open = true;
        for (String field = line(in).toLowerCase(Locale.ROOT);
                !field.isEmpty();
                field = line(in).toLowerCase(Locale.ROOT)) {
            length = field.startsWith("content-length:")
                    ? Long.parseLong(field.substring(15).strip())
                    : length;
            chunked |= field.startsWith("transfer-encoding:");
            open &= !field.equals("connection: close");
        }
        if (chunked) {
            for (long size = Long.parseLong(line(in), 16); size > 0; size = Long.parseLong(line(in), 16)) {
                in.skipNBytes(size + 2);
            }
            line(in);
        } else {
            in.skipNBytes(length);
        }
        return open;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended in the middle of an answer");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
