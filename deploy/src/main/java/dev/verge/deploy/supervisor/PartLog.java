package dev.verge.deploy.supervisor;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A log file with one predecessor, {@code NAME.log.1}; together they take at most twice the bound. One thread writes. */
final class PartLog implements AutoCloseable {
    private final Path file;
    private final long mostBytes;
    private @Nullable BufferedWriter writer;
    private long written;

    /** @param mostBytes size at which the file becomes the predecessor */
    PartLog(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
    }

    /** Adds a line. A full disk loses lines rather than the part whose lines they are. */
    synchronized void line(String line) {
        try {
            // Four bytes is the longest UTF-8 sequence of a char, so the bound holds without encoding twice.
            long most = 4L * line.length() + 1;
            if (written + most > mostBytes && written > 0) {
                close();
                Files.move(file, predecessor(), StandardCopyOption.REPLACE_EXISTING);
            }
            BufferedWriter open = writer();
            open.write(line);
            open.newLine();
            open.flush();
            written += line.length() + 1;
        } catch (IOException full) {
            closeQuietly();
        }
    }

    Path file() {
        return file;
    }

    @Override
    public synchronized void close() throws IOException {
        if (writer != null) {
            BufferedWriter open = writer;
            writer = null;
            open.close();
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException alsoFull) {
            writer = null;
        }
    }

    private Path predecessor() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    private BufferedWriter writer() throws IOException {
        BufferedWriter open = writer;
        if (open == null) {
            written = Files.exists(file) ? Files.size(file) : 0;
            open = Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            writer = open;
        }
        return open;
    }
}
