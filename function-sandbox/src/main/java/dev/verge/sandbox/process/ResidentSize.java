package dev.verge.sandbox.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process holds of the machine's memory, as the kernel tells (proc(5), statm). */
final class ResidentSize {
    private static final long PAGE_BYTES = 4096;

    private ResidentSize() {}

    /** Bytes; 0 when the process has ended or the kernel does not tell. */
    static long of(long pid) {
        try {
            String[] fields = Files.readString(Path.of("/proc", Long.toString(pid), "statm"))
                    .split(" ", 3);
            return fields.length < 3 ? 0 : Long.parseLong(fields[1]) * PAGE_BYTES;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
