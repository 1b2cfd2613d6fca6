package dev.verge.load.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Another process, as the system sees it.
 *
 * @param pid its id
 */
record Observed(long pid) {
    private static final double TICKS = 100;
    private static final int KIB = 1024;

    /** Seconds of CPU that it used so far. */
    double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** What it holds in memory, with its unit. */
    String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB + " MiB")
                .findFirst()
                .orElse("?");
    }
}
