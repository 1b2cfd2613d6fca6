package dev.verge.load.jmh;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the machine tells, and the page cache that reads would otherwise be answered from. */
public final class Machine {
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
    private static final int COLLECTIONS = 4;

    private Machine() {}

    public static String describe() {
        Runtime runtime = Runtime.getRuntime();
        return "%d cores, %s %s, Java %s, heap up to %d MiB"
                .formatted(
                        runtime.availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        runtime.maxMemory() >> 20);
    }

    /** Writes back and empties the page cache. Returns false when this user may not. */
    public static boolean dropPageCache() {
        syncAll();
        try {
            Files.writeString(DROP_CACHES, "3");
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Waits until everything written is on the devices. */
    public static void syncAll() {
        try {
            Process sync = new ProcessBuilder("sync").inheritIO().start();
            if (!sync.waitFor(5, TimeUnit.MINUTES)) {
                throw new IllegalStateException("sync does not end");
            }
        } catch (IOException missing) {
            throw new IllegalStateException("sync cannot be run", missing);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes of live objects: what is left after full collections. */
    public static long liveHeapBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Resident memory of this process. */
    public static long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }

    /** Bytes of the files in a folder, as stated by the file system. */
    public static long folderBytes(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                sum += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
            return sum;
        }
    }
}
