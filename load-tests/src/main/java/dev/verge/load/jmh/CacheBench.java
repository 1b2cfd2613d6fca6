package dev.verge.load.jmh;

import dev.verge.load.jmh.disk.DiskReport;
import dev.verge.load.jmh.memory.EntryOverhead;
import dev.verge.load.jmh.memory.MemoryReport;
import dev.verge.load.jmh.million.MillionEntries;
import dev.verge.load.jmh.traces.HitRatioReport;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Runs one benchmark in this process: what {@code load-tests/cache-bench} calls. */
public final class CacheBench {
    private CacheBench() {}

    /**
     * Entry point.
     *
     * @param args name of the benchmark, then a folder that it may fill, or the traces
     */
    public static void main(String[] args) throws Exception {
        var report =
                new Report(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        List<Path> paths = Arrays.stream(args).skip(1).map(Path::of).toList();
        switch (args.length == 0 ? "" : args[0]) {
            case "describe" -> report.text(Machine.describe());
            case "memory" -> MemoryReport.print(report);
            case "overhead" -> EntryOverhead.print(report, paths.getFirst());
            case "disk" -> DiskReport.print(report, paths.getFirst());
            case "million-fill" -> new MillionEntries(report, paths.getFirst()).fill();
            case "million-purge" -> new MillionEntries(report, paths.getFirst()).purge();
            case "million-again" -> new MillionEntries(report, paths.getFirst()).again();
            case "hit-ratio" -> HitRatioReport.print(report, paths);
            default -> throw new IllegalArgumentException("use load-tests/cache-bench");
        }
    }
}
