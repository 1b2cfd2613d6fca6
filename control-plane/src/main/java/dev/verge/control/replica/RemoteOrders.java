package dev.verge.control.replica;

import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Orders that were given to nodes of other control planes, and wait for their answer. Safe for use from any thread. */
final class RemoteOrders {
    private final Predicate<Message> send;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private record Waiting(String peer, Promise<OrderResult> answer) {}

    /** Orders that go out by {@code send}, which answers false when it cannot take one. */
    RemoteOrders(Predicate<Message> send) {
        this.send = send;
    }

    /** Gives an order to a node of a peer. Whoever waits for the answer has a time limit of its own. */
    Future<OrderResult> give(String peer, String node, Order order) {
        long number = numbers.incrementAndGet();
        Promise<OrderResult> answer = Promise.promise();
        waiting.put(number, new Waiting(peer, answer));
        String body = new Frame.OrderGiven(number, order).encode();
        if (!send.test(new Message(peer, Message.Kind.ORDER, node, body))) {
            fail(number, "too much is on its way to other control planes");
        }
        return answer.future();
    }

    /** An answer came. One that nobody waits for any more is dropped. */
    void done(Frame.OrderDone done) {
        Waiting order = waiting.remove(done.number());
        if (order != null) {
            order.answer.tryComplete(done.result());
        }
    }

    /** {@code NUMBER REASON}: a peer could not get an answer. */
    void failed(String line) {
        int space = line.indexOf(' ');
        fail(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
    }

    /** An order never left. */
    void lost(Message message) {
        if (Frame.decode(message.body()) instanceof Frame.OrderGiven(long number, Order order)) {
            fail(number, "the order " + order.id() + " could not be handed to the node's control plane");
        }
    }

    /** A peer is gone: nobody will answer for it. */
    void gone(String peer) {
        waiting.forEach((number, order) -> {
            if (order.peer.equals(peer)) {
                fail(number, "the node's control plane ended before the answer");
            }
        });
    }

    private void fail(long number, String reason) {
        @Nullable Waiting order = waiting.remove(number);
        if (order != null) {
            order.answer.tryFail(reason);
        }
    }
}
