package dev.verge.node.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.client.UsageSource.Batch;
import dev.verge.sync.client.UsageSource.Place;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UsageSpoolTest {
    private static final Instant START = Instant.parse("2030-01-01T10:00:00Z");
    private static final List<UsageRow> ROWS =
            List.of(new UsageSum().add(UsageField.STATUS_2XX, 7).row(UsageKey.site("default", "shop")));

    @TempDir
    private Path folder;

    @Test
    void whatWasHandedOverComesAgainUntilItIsTaken() throws IOException {
        UsageSpool spool = UsageSpool.open(folder, 1 << 20, START);
        add(spool, 3);
        Batch first = next(spool, null);
        assertThat(numbers(first)).containsExactly(1L, 2L, 3L);
        assertThat(first.intervals().getFirst().rows()).isEqualTo(ROWS);
        assertThat(spool.next(place(first))).isNull();
        add(spool, 1);
        assertThat(numbers(next(spool, place(first)))).containsExactly(4L);
        // Another stream: from the oldest that was not taken.
        spool.taken(new Place(first.boot(), 2));
        assertThat(numbers(next(spool, null))).containsExactly(3L, 4L);
        spool.taken(new Place(first.boot(), 4));
        assertThat(spool.next(null)).isNull();
        assertThat(spool.waitingBytes()).isZero();
        assertThat(files()).isEmpty();
    }

    @Test
    void whatAKilledProcessHadClosedIsHandedOverFirstWithoutABrokenLine() throws IOException {
        UsageSpool killed = UsageSpool.open(folder, 1 << 20, START);
        add(killed, 2);
        Files.writeString(files().getFirst(), "{\"sequence\":3,\"startMil", StandardOpenOption.APPEND);
        UsageSpool next = UsageSpool.open(folder, 1 << 20, START.plusSeconds(60));
        add(next, 1);
        Batch old = next(next, null);
        assertThat(numbers(old)).containsExactly(1L, 2L);
        assertThat(old.intervals()).noneMatch(UsageInterval::last);
        Batch own = next(next, place(old));
        assertThat(numbers(own)).containsExactly(1L);
        assertThat(own.boot()).isGreaterThan(old.boot());
        assertThat(next.next(place(own))).isNull();
        next.taken(place(old));
        next.taken(place(own));
        assertThat(files()).isEmpty();
    }

    @Test
    void aFullFolderLosesTheOldestAndTellsHowMany() throws IOException {
        UsageSpool spool = UsageSpool.open(folder, 200_000, START);
        add(spool, 3_000);
        assertThat(spool.waitingBytes()).isLessThanOrEqualTo(200_000);
        assertThat(files().stream().mapToLong(UsageSpoolTest::size).sum()).isEqualTo(spool.waitingBytes());
        List<Long> left = new ArrayList<>();
        for (Batch batch = spool.next(null); batch != null; batch = spool.next(place(batch))) {
            left.addAll(numbers(batch));
        }
        assertThat(spool.dropped()).isPositive();
        assertThat(left)
                .containsExactlyElementsOf(LongStream.rangeClosed(spool.dropped() + 1, 3_000)
                        .boxed()
                        .toList());
    }

    private static void add(UsageSpool spool, int intervals) {
        for (int i = 0; i < intervals; i++) {
            spool.add(START.toEpochMilli(), 1_000, false, ROWS);
        }
    }

    private static Batch next(UsageSpool spool, @Nullable Place after) {
        return Objects.requireNonNull(spool.next(after), "there is more");
    }

    private static Place place(Batch batch) {
        return new Place(batch.boot(), batch.intervals().getLast().sequence());
    }

    private static List<Long> numbers(Batch batch) {
        return batch.intervals().stream().map(UsageInterval::sequence).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
