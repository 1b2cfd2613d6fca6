package dev.verge.balancer;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The connections that a pool may have on this node, whichever event loop opens them: {@code limits.maxConnections}, and the
 * queue of those who wait for one. Who opens a connection takes a slot first and gives it back when the connection is closed.
 * Lock-free; any thread.
 */
public final class ConnectionSlots {
    private final AtomicInteger used = new AtomicInteger();
    private final Queue<Ticket> waiting = new ConcurrentLinkedQueue<>();
    private final Set<Holder> holders = ConcurrentHashMap.newKeySet();
    private volatile int max;

    /** @param max connections at a time, at least 1 */
    public ConnectionSlots(int max) {
        this.max = max;
    }

    /** Who keeps connections that nobody uses at the moment. */
    @FunctionalInterface
    public interface Holder {

        /** Close up to so many connections that are unused, the oldest first, and give their slots back. Called from any thread. */
        void spare(int most);
    }

    /** A place in the queue. */
    public static final class Ticket {
        private enum State {
            WAITING,
            GRANTED,
            LEFT
        }

        private final Runnable granted;
        private final long sinceNanos = System.nanoTime();
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

        private Ticket(Runnable granted) {
            this.granted = granted;
        }
    }

    /** Takes a slot if there is one and nobody waits. */
    public boolean tryAcquire() {
        return waiting.isEmpty() && take();
    }

    /**
     * Waits for a slot.
     *
     * @param granted called once, from any thread, when the slot is the caller's
     */
    public Ticket await(Runnable granted) {
        Ticket ticket = new Ticket(granted);
        waiting.add(ticket);
        handOut();
        if (ticket.state.get() == Ticket.State.WAITING) {
            holders.forEach(holder -> holder.spare(1));
        }
        return ticket;
    }

    /** Leaves the queue. Returns false when the slot is the caller's already, and is to be used or given back. */
    public boolean leave(Ticket ticket) {
        boolean left = ticket.state.compareAndSet(Ticket.State.WAITING, Ticket.State.LEFT);
        if (left) {
            waiting.remove(ticket);
        }
        return left;
    }

    /** Gives a slot back. */
    public void release() {
        used.decrementAndGet();
        handOut();
    }

    /** Whether somebody waits. */
    public boolean isContended() {
        return !waiting.isEmpty();
    }

    /** Whether somebody has waited longer than this one by more than the given time. */
    public boolean isOthersTurn(Ticket ticket, long byNanos) {
        Ticket first = waiting.peek();
        return first != null && ticket.sinceNanos - first.sinceNanos > byNanos;
    }

    /** From now on this one is asked to spare connections. */
    public void join(Holder holder) {
        holders.add(holder);
    }

    /** This one has no more connections. */
    public void leave(Holder holder) {
        holders.remove(holder);
    }

    /** Has all connections closed that nobody uses at the moment, wherever they are. */
    void spareUnused() {
        holders.forEach(holder -> holder.spare(Integer.MAX_VALUE));
    }

    /** Slots in use. */
    public int used() {
        return used.get();
    }

    /** How many wait. */
    public int waiting() {
        return waiting.size();
    }

    /** Another limit from now on; connections beyond it end by themselves. */
    void resize(int newMax) {
        max = newMax;
        handOut();
    }

    private boolean take() {
        while (true) {
            int now = used.get();
            if (now >= max) {
                return false;
            }
            if (used.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Whoever makes a slot free or joins the queue comes here afterwards, so that no slot and no waiter miss each other. */
    private void handOut() {
        while (!waiting.isEmpty() && take()) {
            Ticket first = waiting.poll();
            if (first == null || !first.state.compareAndSet(Ticket.State.WAITING, Ticket.State.GRANTED)) {
                // Gone meanwhile; the loop looks again for whoever found this slot taken.
                used.decrementAndGet();
            } else {
                first.granted.run();
            }
        }
    }
}
