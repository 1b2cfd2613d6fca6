package dev.verge.load.floods;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One kind of attack, carried on by some connections at a time; a connection that the node ends is opened again at once.
 *
 * @param name for the table
 * @param connections at a time
 * @param tls whether it is for the TLS port
 * @param conduct what each connection does until it is told to stop or the node ends it
 */
record Attack(String name, int connections, boolean tls, Conduct conduct) {

    /** What an attacker does on one connection. */
    interface Conduct {
        void attack(Socket socket, AtomicBoolean stop) throws IOException;
    }

    /** A running attack. */
    static final class Running implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicLong opened = new AtomicLong();
        private final Thread[] threads;

        private Running(Attack attack, int port, InetAddress from) {
            threads = new Thread[attack.connections()];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = Thread.ofVirtual().start(() -> run(attack.conduct(), port, from));
            }
        }

        private void run(Conduct conduct, int port, InetAddress from) {
            while (!stop.get()) {
                try (Socket socket = new Socket()) {
                    socket.bind(new InetSocketAddress(from, 0));
                    socket.setSoTimeout(1_000);
                    socket.setReceiveBufferSize(4_096);
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
                    opened.incrementAndGet();
                    conduct.attack(socket, stop);
                } catch (IOException refused) {
                    // A real attacker does not get tired either, but this one leaves the machine's ports alone.
                    LockSupport.parkNanos(5_000_000);
                }
            }
        }

        long opened() {
            return opened.get();
        }

        @Override
        public void close() {
            stop.set(true);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Begins; attackers come from addresses that are not the measured client's. */
    Running start(int port) throws IOException {
        return new Running(this, port, InetAddress.getByName("127.0.0.66"));
    }

    /** A head that comes byte by byte and never ends. */
    static void slowHead(Socket socket, AtomicBoolean stop) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.ISO_8859_1));
        drip(out, stop);
    }

    /** A body that comes byte by byte. */
    static void slowBody(Socket socket, AtomicBoolean stop) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("POST /api/time HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
        drip(out, stop);
    }

    private static void drip(OutputStream out, AtomicBoolean stop) throws IOException {
        while (!stop.get()) {
            out.write('a');
            LockSupport.parkNanos(250_000_000);
        }
    }

    /** Asks for a large answer again and again, and reads none of it. */
    static void slowReader(Socket socket, AtomicBoolean stop) throws IOException {
        byte[] ask = "GET /js/reveal.js HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 20; i++) {
            socket.getOutputStream().write(ask);
        }
        while (!stop.get()) {
            socket.getOutputStream().write(new byte[0]);
            LockSupport.parkNanos(250_000_000);
        }
    }

    /** Connects, asks for something that no rule allows, and goes. */
    static void connections(Socket socket, AtomicBoolean stop) throws IOException {
        socket.getOutputStream().write("BAD\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        drain(socket, stop);
    }

    /** Begins TLS handshakes and leaves them where they cost the node most. */
    static void handshakes(Socket socket, AtomicBoolean stop) throws IOException {
        socket.getOutputStream().write(ClientHello.BYTES);
        byte[] answer = new byte[4_096];
        InputStream in = socket.getInputStream();
        if (in.read(answer) < 0 || stop.get()) {
            return;
        }
    }

    private static void drain(Socket socket, AtomicBoolean stop) throws IOException {
        byte[] answer = new byte[4_096];
        InputStream in = socket.getInputStream();
        while (!stop.get() && in.read(answer) >= 0) {
            // Until the node is done with it.
        }
    }
}
