package dev.verge.sync.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios as text: {@code > event} lines go into the core, the indented lines below are the effects that must come out, all of
 * them and in order. Entries are written {@code name=value}; a value of {@code !} is a tombstone, {@code code:X} a function whose
 * blob is X.
 */
class ScenarioTest {

    private static final Path FOLDER = Path.of("src/test/resources/core");

    private final List<LogEntry> pieces = new ArrayList<>();
    private String history = "";
    private SyncEvent.@Nullable SnapshotBegun begun;

    static Stream<Path> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void scenarioRunsAsWritten(Path file) throws IOException {
        SyncCore core = new SyncCore(Position.START, Map.of(), Sample.trust());
        history = "";
        List<String> actual = new ArrayList<>();
        List<String> written = Files.readAllLines(file);
        for (String line : written) {
            if (line.startsWith("    ")) {
                continue;
            }
            actual.add(line);
            if (line.startsWith("start ")) {
                String[] words = line.split(" ", -1);
                history = words[1];
                core = new SyncCore(new Position(words[1], Long.parseLong(words[2])), Map.of(), Sample.trust());
            } else if (line.startsWith("> ")) {
                for (SyncEffect effect : core.step(event(line.substring(2).split(" ", -1)))) {
                    actual.add("    " + text(effect));
                }
            }
        }
        if ("write".equals(System.getProperty("verge.golden"))) {
            Files.writeString(file, String.join("\n", actual) + "\n");
            return;
        }
        assertThat(String.join("\n", actual)).as("%s", file).isEqualTo(String.join("\n", written));
    }

    private SyncEvent event(String[] words) {
        return switch (words[0]) {
            case "connected" -> new SyncEvent.Connected(List.of(), Sample.trust());
            case "disconnected" -> new SyncEvent.Disconnected();
            case "head" -> new SyncEvent.HeadReceived(words[1], number(words[2]));
            case "commit" ->
                new SyncEvent.CommitReceived(Sample.signed(
                        history, new Commit(number(words[1]), entries(number(words[1]), words, 2))));
            case "forged" ->
                new SyncEvent.CommitReceived(Sample.signed(
                        "another log", new Commit(number(words[1]), entries(number(words[1]), words, 2))));
            case "snapshot-begins" -> {
                history = words[1];
                begun = new SyncEvent.SnapshotBegun(words[1], number(words[2]), number(words[3]), number(words[4]));
                pieces.clear();
                yield begun;
            }
            case "snapshot-part" -> {
                List<LogEntry> piece = entries(number(words[1]), words, 2);
                pieces.addAll(piece);
                yield new SyncEvent.SnapshotPart(piece);
            }
            case "snapshot-ends" -> {
                SyncEvent.SnapshotEnded end =
                        Sample.end(history, number(words[1]), begun == null ? 0 : begun.purgeFloor(), pieces);
                yield new SyncEvent.SnapshotEnded(end.revision(), begun == null ? 0 : begun.entries(), end.proof());
            }
            case "blobs-ready" -> new SyncEvent.BlobsReady(number(words[1]));
            case "blobs-failed" -> new SyncEvent.BlobsFailed(number(words[1]), words[2]);
            case "applied" -> new SyncEvent.ApplyEnded(number(words[1]), ApplyResult.applied());
            case "refused" ->
                new SyncEvent.ApplyEnded(number(words[1]), ApplyResult.refused(Sample.key(words[2]), words[3]));
            case "persisted" -> new SyncEvent.Persisted(number(words[1]));
            case "persist-failed" -> new SyncEvent.PersistFailed(number(words[1]), words[2]);
            default -> throw new IllegalArgumentException("no such event: " + words[0]);
        };
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    private static List<LogEntry> entries(long revision, String[] words, int from) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = from; i < words.length; i++) {
            String[] parts = words[i].split("=", 2);
            entries.add(Sample.entry(revision, parts[0], parts[1]));
        }
        return entries;
    }

    private static String text(SyncEffect effect) {
        return switch (effect) {
            case SyncEffect.Subscribe(Position since, var refused) ->
                "subscribe since " + since.history() + " " + since.revision() + " refused "
                        + new TreeSet<>(refused.keySet());
            case SyncEffect.FetchBlobs(long work, var blobs) ->
                "fetch " + work + " "
                        + blobs.stream()
                                .map(blob -> blob.substring(0, 1))
                                .sorted()
                                .toList();
            case SyncEffect.ApplyCommit(long work, Commit commit) -> "apply " + work + " commit " + commit.revision();
            case SyncEffect.ApplySnapshot(long work, var snapshot, boolean missedPurges) ->
                "apply " + work + " snapshot " + snapshot.revision() + " of "
                        + snapshot.entries().size() + (missedPurges ? " missed purges" : "");
            case SyncEffect.Persist(long work, StateUpdate update) ->
                "persist " + work + " at " + update.position().history() + " "
                        + update.position().revision() + (update.replaceAll() ? " all" : "")
                        + " " + update.entries().stream().map(Sample::text).toList()
                        + (update.keep().isEmpty() ? "" : " keep " + new TreeSet<>(update.keep()));
            case SyncEffect.Acknowledge(long revision) -> "ack " + revision;
            case SyncEffect.Refuse(long revision, Map<String, String> reasons) ->
                "nack " + revision + " " + new TreeMap<>(reasons);
            case SyncEffect.Distrust(String reason) -> "distrust: " + reason;
            case SyncEffect.Reset(String reason) -> "reset: " + reason;
        };
    }
}
