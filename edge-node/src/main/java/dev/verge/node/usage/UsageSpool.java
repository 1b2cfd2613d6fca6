package dev.verge.node.usage;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.client.UsageSource;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closed intervals in files of a folder, {@code BOOT.NUMBER.jsonl} with the number of the first interval in it, a line each: written as
 * soon as they are closed, so that a killed process loses none of them, and removed when the control plane has them. What earlier runs of
 * the process left is handed over first. Not synced to disk: a power loss may take the newest. When the folder is full, the oldest file
 * goes; the numbers that are missing then tell the control plane of it. Thread-safe; everything blocks.
 */
public final class UsageSpool implements UsageSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageSpool.class);
    private static final String ENDING = ".jsonl";
    private static final long FILE_BYTES = 64 << 10;
    private static final int MOST_INTERVALS = 500;
    private static final int MOST_CHARACTERS = 1 << 20;
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Path folder;
    private final long mostBytes;
    private final String boot;
    private final SequencedMap<String, Part> parts = new TreeMap<>();
    private final Map<String, Long> sent = new HashMap<>();
    private final Map<String, Long> taken = new HashMap<>();
    private long bytes;
    private long dropped;
    private long sequence;
    private long lookedNanos = System.nanoTime();
    private @Nullable Part open;
    private boolean left;

    /** A file. The last number is that of its last line, or the largest that there is while that is not known. */
    private static final class Part {
        final String boot;
        final long first;
        final Path file;
        long last;
        long bytes;

        Part(String boot, long first, Path file, long last, long bytes) {
            this.boot = boot;
            this.first = first;
            this.file = file;
            this.last = last;
            this.bytes = bytes;
        }
    }

    private UsageSpool(Path folder, long mostBytes, String boot) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.boot = boot;
    }

    /**
     * Opens the folder for a new run of the process.
     *
     * @param mostBytes of all files
     */
    public static UsageSpool open(Path folder, long mostBytes, Instant now) throws IOException {
        Files.createDirectories(folder);
        // Runs are in the order of their names.
        String boot = "%014x-%08x".formatted(now.toEpochMilli(), new SplittableRandom().nextInt());
        UsageSpool spool = new UsageSpool(folder, mostBytes, boot);
        spool.look();
        return spool;
    }

    /** Writes an interval down. When that cannot be done it is dropped, and counted. */
    public synchronized void add(long startMillis, long millis, boolean last, List<UsageRow> rows) {
        long number = ++sequence;
        byte[] line = (RecordJson.write(new UsageInterval(number, startMillis, millis, last, rows)) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        try {
            write(number, line);
        } catch (IOException | UncheckedIOException e) {
            dropped++;
            LOG.warn("usage cannot be written to {}: {}", folder, e.toString());
            return;
        }
        while (bytes > mostBytes && parts.size() > 1) {
            Part oldest = parts.firstEntry().getValue();
            dropped += oldest.boot.equals(boot) ? oldest.last - oldest.first + 1 : 1;
            remove(oldest);
        }
    }

    private void write(long number, byte[] line) throws IOException {
        Part part = open;
        if (part == null || part.bytes + line.length > FILE_BYTES || left) {
            String name = boot + "." + "%012d".formatted(number) + ENDING;
            part = new Part(boot, number, folder.resolve(name), number, 0);
            // Another process may look for new files at any time: it sees whole ones only.
            Path beside = folder.resolve(name + ".new");
            Files.write(beside, line);
            Files.move(beside, part.file, StandardCopyOption.ATOMIC_MOVE);
            parts.put(name, part);
            open = left ? null : part;
        } else {
            Files.write(part.file, line, StandardOpenOption.APPEND);
        }
        part.last = number;
        part.bytes += line.length;
        bytes += line.length;
    }

    @Override
    public synchronized @Nullable Batch next(@Nullable Place after) {
        if (after == null) {
            sent.clear();
        }
        if (System.nanoTime() - lookedNanos > LOOK.toNanos()) {
            look();
        }
        for (Part part : List.copyOf(parts.values())) {
            long from = Math.max(sent.getOrDefault(part.boot, 0L), taken.getOrDefault(part.boot, 0L));
            if (part.last > from) {
                List<UsageInterval> intervals = read(part, from);
                if (!intervals.isEmpty()) {
                    sent.put(part.boot, intervals.getLast().sequence());
                    return new Batch(part.boot, intervals);
                }
            }
        }
        return null;
    }

    /** A last line that was not written to its end is passed over. */
    private List<UsageInterval> read(Part part, long from) {
        List<UsageInterval> intervals = new ArrayList<>();
        int characters = 0;
        long end = part.first - 1;
        try (BufferedReader reader = Files.newBufferedReader(part.file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                characters += line.length();
                if (intervals.size() >= MOST_INTERVALS || (characters > MOST_CHARACTERS && !intervals.isEmpty())) {
                    return intervals;
                }
                if (Binder.standard().bindJson(line, UsageInterval.class)
                        instanceof Bound.Valid<UsageInterval>(UsageInterval interval)) {
                    if (interval.sequence() > from) {
                        intervals.add(interval);
                    }
                    end = interval.sequence();
                }
            }
            part.last = end;
        } catch (NoSuchFileException gone) {
            parts.values().remove(part);
        } catch (IOException e) {
            LOG.warn("usage in {} cannot be read: {}", part.file, e.toString());
        }
        return intervals;
    }

    @Override
    public synchronized void taken(Place upTo) {
        taken.merge(upTo.boot(), upTo.sequence(), Math::max);
        for (Part part : List.copyOf(parts.values())) {
            if (part.boot.equals(upTo.boot()) && part.last <= upTo.sequence()) {
                remove(part);
            }
        }
    }

    private void remove(Part part) {
        if (part.equals(open)) {
            open = null;
        }
        parts.values().remove(part);
        bytes -= part.bytes;
        try {
            Files.deleteIfExists(part.file);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", part.file, e.toString());
        }
    }

    /** Files of earlier runs, and of one that goes on for a while beside this one. */
    private void look() {
        lookedNanos = System.nanoTime();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                String[] words = name.split("\\.", -1);
                if (!parts.containsKey(name)
                        && words.length == 3
                        && name.endsWith(ENDING)
                        && !words[0].equals(boot)
                        && words[0].length() <= 64
                        && words[1].matches("[0-9]{12}")) {
                    Part part = new Part(words[0], Long.parseLong(words[1]), file, Long.MAX_VALUE, Files.size(file));
                    parts.put(name, part);
                    bytes += part.bytes;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} cannot be looked through: {}", folder, e.toString());
        }
    }

    /** Another process hands over from now on what is here; what this one still counts, it finds. */
    public synchronized void leave() {
        left = true;
        open = null;
    }

    /** Intervals of this run that had to go before the control plane had them. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Bytes that wait for the control plane. */
    public synchronized long waitingBytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        open = null;
        left = true;
    }
}
