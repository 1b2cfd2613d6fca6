package dev.verge.load.jmh.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.store.DiskPolicy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoliciesTest {
    @TempDir
    Path folder;

    private static int hits(Trace trace, Policy policy) {
        int hits = 0;
        for (int object : trace.accesses()) {
            hits += policy.access(object) ? 1 : 0;
        }
        return hits;
    }

    private static long[] equalWeights(int objects) {
        long[] weights = new long[objects];
        Arrays.fill(weights, 1);
        return weights;
    }

    private static Trace trace(int... accesses) {
        return new Trace("test", accesses, Arrays.stream(accesses).max().orElse(0) + 1);
    }

    private static Trace zipf(int accesses, int objects) {
        var random = new SplittableRandom(5);
        int[] asked = new int[accesses];
        for (int i = 0; i < accesses; i++) {
            asked[i] = (int) (Math.pow(objects, random.nextDouble()) - 1);
        }
        return new Trace("zipf", asked, objects);
    }

    @Test
    void aTraceIsReadAsBigEndianIntegersNumberedAsTheyAppear() throws Exception {
        Path file = folder.resolve("shop.trace");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .putInt(-7)
                        .putInt(9)
                        .putInt(-7)
                        .putInt(1)
                        .array());
        Trace trace = Trace.read(file);
        assertThat(trace.name()).isEqualTo("shop");
        assertThat(trace.accesses()).containsExactly(0, 1, 0, 2);
        assertThat(trace.objects()).isEqualTo(3);
        assertThat(trace.nextAccess()).containsExactly(2, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    void lruLosesALoopThatIsOneTooLongAndTheOptimumKeepsMostOfIt() {
        Trace loop = trace(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
        assertThat(hits(loop, new Lru(2, equalWeights(3)))).isZero();
        assertThat(hits(loop, new Clairvoyant(2, equalWeights(3), loop.nextAccess())))
                .isEqualTo(6);
    }

    @Test
    void weightsCountNotObjects() {
        Trace pair = trace(0, 1, 0, 1);
        assertThat(hits(pair, new Lru(4, new long[] {2, 2}))).isEqualTo(2);
        assertThat(hits(pair, new Lru(3, new long[] {2, 2}))).isZero();
        assertThat(hits(pair, new Lru(1, new long[] {1, 2}))).isEqualTo(1);
    }

    @Test
    void noPolicyBeatsTheOptimumAndTheRealOnesBeatNothingAtAll() throws Exception {
        Trace trace = zipf(15_000, 2_000);
        long[] weights = MemoryPolicy.weights(Sizes.EQUAL, trace.objects());
        long bound = 200 * weights[0];
        int optimum = hits(trace, new Clairvoyant(bound, weights, trace.nextAccess()));
        try (var memory = new MemoryPolicy(bound, Sizes.EQUAL, trace.objects())) {
            assertThat(hits(trace, memory)).isBetween(optimum / 2, optimum);
        }
        assertThat(hits(trace, new DiskPolicy(200 * DiskPolicy.counted(weights)[0], weights)))
                .isBetween(optimum / 2, optimum);
        assertThat(hits(trace, new Lru(bound, weights))).isBetween(optimum / 2, optimum);
    }
}
