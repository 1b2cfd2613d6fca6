package dev.verge.node.server.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.exchange.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every set of responses that wait (RFC 9218 §10). The seed is a parameter, so a failure names it. */
class SendingOrderTest {
    /** A response of some pieces; each turn sends one. */
    private static final class Response implements SendingOrder.Waiting {
        private final int stream;
        private final Priority priority;
        private int left;
        private int sent;
        private long lastTurn;

        Response(int stream, Priority priority, int pieces) {
            this.stream = stream;
            this.priority = priority;
            this.left = pieces;
        }

        @Override
        public int stream() {
            return stream;
        }

        @Override
        public Priority priority() {
            return priority;
        }

        @Override
        public long lastTurn() {
            return lastTurn;
        }

        @Override
        public String toString() {
            return stream + ":" + priority;
        }
    }

    private static List<Response> responses(Random random, int most) {
        List<Response> all = new ArrayList<>();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            all.add(new Response(
                    2 * i + 1, new Priority(random.nextInt(8), random.nextBoolean()), 1 + random.nextInt(20)));
        }
        Collections.shuffle(all, random);
        return all;
    }

    private static Response turn(List<Response> waiting, long number) {
        Response next = SendingOrder.next(waiting);
        next.lastTurn = number;
        next.sent++;
        if (--next.left == 0) {
            waiting.remove(next);
        }
        return next;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nobodySendsWhileAMoreUrgentOneWaits(int seed) {
        Random random = new Random(seed);
        List<Response> waiting = responses(random, 40);
        for (long turn = 1; !waiting.isEmpty(); turn++) {
            int most = waiting.stream()
                    .mapToInt(each -> each.priority.urgency())
                    .min()
                    .orElseThrow();
            assertThat(turn(waiting, turn).priority.urgency()).isEqualTo(most);
            if (random.nextInt(5) == 0) {
                waiting.add(
                        new Response(1001 + 2 * (int) turn, new Priority(random.nextInt(8), random.nextBoolean()), 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whatIsOfUseOnlyAsAWholeIsSentInTheOrderOfRequests(int seed) {
        List<Response> waiting = responses(new Random(seed), 40);
        for (long turn = 1; !waiting.isEmpty(); turn++) {
            Response sender = turn(waiting, turn);
            if (!sender.priority.incremental()) {
                assertThat(waiting)
                        .noneMatch(each -> each.priority.equals(sender.priority) && each.stream < sender.stream);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 30})
    void whoSharesGetsAsMuchAsTheOthersAndTheFirstOfTheRest(int sharing) {
        List<Response> waiting = new ArrayList<>(IntStream.range(0, sharing)
                .mapToObj(i -> new Response(2 * i + 1, new Priority(3, true), 1000))
                .toList());
        Response whole = new Response(501, new Priority(3, false), 1000);
        Response behind = new Response(503, new Priority(3, false), 1000);
        waiting.add(behind);
        waiting.add(whole);
        for (long turn = 1; turn <= 5L * (sharing + 1); turn++) {
            turn(waiting, turn);
        }
        assertThat(waiting).filteredOn(each -> each != behind).allMatch(each -> each.sent == 5);
        assertThat(behind.sent).isZero();
    }

    @Test
    void everythingIsSentInTheEnd() {
        List<Response> waiting = responses(new Random(7), 100);
        int pieces = waiting.stream().mapToInt(each -> each.left).sum();
        for (long turn = 1; turn <= pieces; turn++) {
            turn(waiting, turn);
        }
        assertThat(waiting).isEmpty();
    }
}
