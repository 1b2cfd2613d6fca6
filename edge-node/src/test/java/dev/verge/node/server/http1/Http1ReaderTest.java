package dev.verge.node.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.StrictRequest;
import dev.verge.node.StrictRequests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How bytes are cut on their way makes no difference to how they are read. */
class Http1ReaderTest {
    /** What came of some bytes: what happened where, and where the reader stopped. */
    private record Outcome(
            List<String> events, long accepted, @Nullable Violation violation) {}

    private static Outcome read(byte[] bytes, int... cuts) {
        List<String> events = new ArrayList<>();
        Http1Reader reader = new Http1Reader(8192, 32_768, 128, new Http1Reader.Messages() {
            @Override
            public void begun() {
                events.add("begun");
            }

            @Override
            public void headRead() {
                events.add("head");
            }

            @Override
            public void ended() {
                events.add("ended");
            }
        });
        long accepted = 0;
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            while (from < to && reader.violation() == null) {
                long content = reader.contentAhead();
                int taken;
                if (content > 0) {
                    taken = (int) Math.min(content, to - from);
                    reader.contentTaken(taken);
                } else {
                    taken = reader.read(bytes, from, to);
                }
                from += taken;
                accepted += taken;
            }
        }
        return new Outcome(events, accepted, reader.violation());
    }

    @Test
    void everyCutOfEveryRequestOfTheSuiteIsReadAlike() {
        for (StrictRequest request : StrictRequests.all()) {
            byte[] bytes = request.sent().getBytes(StandardCharsets.ISO_8859_1);
            Outcome whole = read(bytes);
            int step = Math.max(1, bytes.length / 700);
            for (int cut = 1; cut < bytes.length; cut += step) {
                assertThat(read(bytes, cut)).as("%s, cut at %d", request, cut).isEqualTo(whole);
            }
            assertThat(read(bytes, everyByte(bytes.length)))
                    .as("%s, byte by byte", request)
                    .isEqualTo(whole);
        }
    }

    private static int[] everyByte(int length) {
        int[] cuts = new int[length - 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }
        return cuts;
    }

    @Test
    void aRequestThatReachesAnOriginIsReadToItsEnd() {
        for (StrictRequest request : StrictRequests.all()) {
            if (request.status() == 200) {
                byte[] bytes = request.sent().getBytes(StandardCharsets.ISO_8859_1);
                Outcome outcome = read(bytes);
                assertThat(outcome.violation()).as("%s", request).isNull();
                assertThat(outcome.events()).as("%s", request).containsExactly("begun", "head", "ended");
                assertThat(outcome.accepted()).isEqualTo(bytes.length);
            }
        }
    }

    @Test
    void anyBytesAreReadAlikeHoweverTheyAreCut() {
        String alphabet = "GET / HTTP/1.1\r\nHost:a;=\",\\05f\t\0\u00e4\n\r";
        for (int seed = 1; seed <= 2_000; seed++) {
            var random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder(
                    random.nextBoolean()
                            ? "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            : "GET / HTTP/1.1\r\n");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(read(bytes, everyByte(bytes.length))).as("seed %d", seed).isEqualTo(read(bytes));
        }
    }
}
