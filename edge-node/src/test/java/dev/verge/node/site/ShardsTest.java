package dev.verge.node.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardsTest {
    @Test
    void itIsAMapWhoseFormerStatesStay() {
        SplittableRandom random = new SplittableRandom(7);
        Shards<Integer> now = Shards.empty();
        Map<String, Integer> model = new HashMap<>();
        for (int step = 0; step < 300; step++) {
            Shards<Integer> before = now;
            Map<String, Integer> modelBefore = Map.copyOf(model);
            Shards.Next<Integer> next = now.next();
            for (int i = random.nextInt(20); i > 0; i--) {
                String key = "site/default/s" + random.nextInt(2_000);
                if (random.nextInt(3) == 0) {
                    assertThat(next.remove(key)).isEqualTo(model.remove(key));
                } else {
                    assertThat(next.put(key, step)).isEqualTo(model.put(key, step));
                }
                assertThat(next.get(key)).isEqualTo(model.get(key));
            }
            now = next.build();
            assertSame(now, model);
            assertSame(before, modelBefore);
        }
        assertThat(now.size()).isGreaterThan(500);
    }

    private static void assertSame(Shards<Integer> shards, Map<String, Integer> model) {
        assertThat(shards.size()).isEqualTo(model.size());
        assertThat(shards.keys().collect(Collectors.toSet())).isEqualTo(model.keySet());
        assertThat(shards.values().sorted().toList())
                .isEqualTo(model.values().stream().sorted().toList());
        model.forEach((key, value) -> assertThat(shards.get(key)).isEqualTo(value));
    }

    @Test
    void nothingChangedIsTheSame() {
        Shards<Integer> some = with(Shards.empty(), "a", 1);
        Shards.Next<Integer> next = some.next();
        assertThat(next.remove("b")).isNull();
        assertThat(next.build()).isSameAs(some);
    }

    private static Shards<Integer> with(Shards<Integer> before, String key, int value) {
        Shards.Next<Integer> next = before.next();
        next.put(key, value);
        return next.build();
    }
}
