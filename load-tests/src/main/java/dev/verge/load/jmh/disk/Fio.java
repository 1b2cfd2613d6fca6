package dev.verge.load.jmh.disk;

import dev.verge.load.jmh.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What fio says of the device in the same folder: one operation at a time past the page cache, on one large file. */
final class Fio {
    private static final int SECONDS = 3;
    /** Columns of fio's terse format, version 3, from 0. */
    private static final int READ_FIRST = 5;

    private static final int WRITE_FIRST = 46;
    private static final int KIB_PER_SECOND = 1;
    private static final int PERCENTILES = 12;
    private static final int PERCENTILE_COLUMNS = 20;

    private Fio() {}

    static void print(Report report, Path folder, List<Integer> sizes) throws IOException {
        try {
            run(List.of("fio", "--version"));
        } catch (IOException missing) {
            report.text("fio is not installed: no figures of the device itself.");
            return;
        }
        report.text(
                ("fio in the same folder, direct (past the page cache), one operation at a time, at random places of a file of"
                                + " 1 GiB, %d s each:")
                        .formatted(SECONDS));
        report.header(
                "block", "pread p50 µs", "pread p99 µs", "pread MB/s", "pwrite p50 µs", "pwrite p99 µs", "pwrite MB/s");
        Path file = folder.resolve("fio");
        for (int size : sizes) {
            String[] read = measure(file, "randread", size);
            String[] write = measure(file, "randwrite", size);
            report.row(
                    (size >> 10) + " KiB",
                    percentile(read, READ_FIRST, "50.000000%"),
                    percentile(read, READ_FIRST, "99.000000%"),
                    Long.parseLong(read[READ_FIRST + KIB_PER_SECOND]) * 1024 / 1e6,
                    percentile(write, WRITE_FIRST, "50.000000%"),
                    percentile(write, WRITE_FIRST, "99.000000%"),
                    Long.parseLong(write[WRITE_FIRST + KIB_PER_SECOND]) * 1024 / 1e6);
        }
        Files.deleteIfExists(file);
    }

    private static String[] measure(Path file, String pattern, int size) throws IOException {
        List<String> lines = run(List.of(
                "fio",
                "--name=" + pattern,
                "--filename=" + file,
                "--size=1g",
                "--rw=" + pattern,
                "--bs=" + size,
                "--ioengine=psync",
                "--direct=1",
                "--time_based",
                "--runtime=" + SECONDS,
                "--output-format=terse",
                "--terse-version=3"));
        return lines.stream()
                .filter(line -> line.startsWith("3;"))
                .findFirst()
                .orElseThrow(() -> new IOException("fio: " + lines))
                .split(";", -1);
    }

    private static double percentile(String[] columns, int first, String name) {
        for (int i = first + PERCENTILES; i < first + PERCENTILES + PERCENTILE_COLUMNS; i++) {
            if (columns[i].startsWith(name + "=")) {
                return Double.parseDouble(columns[i].substring(name.length() + 1));
            }
        }
        throw new IllegalArgumentException("fio's line has no percentile " + name);
    }

    private static List<String> run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = new ArrayList<>(output.lines().toList());
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + lines);
            }
            return lines;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }
}
