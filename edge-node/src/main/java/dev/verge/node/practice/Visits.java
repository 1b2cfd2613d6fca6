package dev.verge.node.practice;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Visits of a server on this machine over some connections of each way, a thread each: what there is to ask in turn, each connection
 * beginning somewhere else.
 */
public final class Visits {
    /** A connection that has broken so often in a row is not opened again. */
    private static final int LOST_IN_A_ROW = 3;

    private final String host;
    private final int connections;
    private final List<Visit> visits;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /**
     * How it went.
     *
     * @param failures statuses of 500 and above, and answers that did not end
     */
    public record Count(long answers, long failures) {}

    /**
     * Visits that have not begun.
     *
     * @param host that is asked for
     * @param connections of each way
     */
    public Visits(String host, int connections, List<Visit> visits) {
        this.host = host;
        this.connections = connections;
        this.visits = List.copyOf(visits);
    }

    /** So far. */
    public Count count() {
        return new Count(answers.get(), failures.get());
    }

    /**
     * Blocks until it is over and the last answers are there.
     *
     * @param over asked before each visit, by every thread
     */
    public Count until(List<Way> ways, BooleanSupplier over) {
        List<Thread> visitors = new ArrayList<>();
        for (Way way : ways) {
            for (int i = 0; i < connections; i++) {
                int first = visitors.size();
                visitors.add(Thread.ofPlatform().daemon().name("verge-visitor").start(() -> visit(way, first, over)));
            }
        }
        try {
            for (Thread visitor : visitors) {
                visitor.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count();
    }

    private void visit(Way way, int first, BooleanSupplier over) {
        int next = first;
        int lost = 0;
        while (!over.getAsBoolean() && lost < LOST_IN_A_ROW) {
            try (Socket socket = way.connect(host)) {
                Talk talk = way.open(socket, host);
                while (!over.getAsBoolean()) {
                    int status = talk.ask(visits.get(next++ % visits.size()), answers.incrementAndGet());
                    failures.addAndGet(status > 0 && status < 500 ? 0 : 1);
                    lost = 0;
                }
            } catch (IOException broken) {
                failures.incrementAndGet();
                lost++;
            }
        }
    }
}
