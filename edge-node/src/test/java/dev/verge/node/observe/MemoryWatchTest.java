package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryWatchTest {
    @ParameterizedTest
    @CsvSource({
        "50, 0, 99, false", // only garbage
        "91, 0, 95, true",
        "91, 0, 80, false", // a collection that has not been told of yet
        "50, 45, 95, true", // tunnels took it since
        "91, -20, 95, false", // tunnels gave it back
    })
    void theHeapIsShortByWhatStaysInUse(long survived, long heldSince, long used, boolean expected) {
        assertThat(MemoryWatch.isShort(survived, heldSince, used, 90)).isEqualTo(expected);
    }
}
